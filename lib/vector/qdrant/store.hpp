// The vector store on a Qdrant: a point a chunk, its text and places in the payload. Nothing else is kept anywhere.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "base/mutex.hpp"
#include "vector/qdrant/collection.hpp"
#include "vector/qdrant/requests.hpp"
#include "vector/workspace.hpp"

namespace archaeologist::qdrant {

// At most so many of something at once.
class Turns {
public:
    explicit Turns(int most) : free_(most) {}
    void take() {
        const MutexLock lock(mutex_);
        while (free_ == 0) given_back_.wait(mutex_);
        --free_;
    }
    void give_back() {
        const MutexLock lock(mutex_);
        ++free_;
        given_back_.notify_one();
    }

private:
    Mutex mutex_;
    Condition given_back_;
    int free_ ARCHAEO_GUARDED_BY(mutex_);
};

// A chunk's point is stored whole or not at all, a call's points body by body: ordinal 0 first, so that whatever is left of a
// call that failed is found and erased.
class Store final : public VectorStore {
public:
    Store(std::unique_ptr<Collection> collection, std::size_t dimension);

    [[nodiscard]] Status upsert(const Document& document, std::span<const Point> points) override;
    [[nodiscard]] Status erase(ProjectId project, SourceId source, const GenerationId& generation) override;
    [[nodiscard]] Status erase_project(ProjectId project) override;
    [[nodiscard]] Result<std::uint64_t> count(ProjectId project, SourceId source,
                                              const GenerationId& generation) override;
    [[nodiscard]] Result<std::vector<StoredChunk>> chunks(ProjectId project, SourceId source,
                                                          const GenerationId& generation, std::uint64_t first_ordinal,
                                                          std::size_t limit) override;
    [[nodiscard]] Result<StoredPoints> points(ProjectId project, SourceId source, const GenerationId& generation,
                                              std::uint64_t first_ordinal, std::size_t limit) override;
    [[nodiscard]] Result<std::vector<ProjectId>> projects() override;
    [[nodiscard]] Result<std::vector<StoredGeneration>> generations(ProjectId project,
                                                                    std::optional<StoredGeneration> after,
                                                                    std::size_t limit) override;
    [[nodiscard]] Result<std::vector<VectorHit>> query(const VectorQuery& query) override;
    [[nodiscard]] Result<std::vector<std::string>> languages(ProjectId project) override;
    [[nodiscard]] Status add_texts(ProjectId project, std::span<VectorHit* const> hits) override;
    [[nodiscard]] Result<LiteralReply> find(const LiteralQuery& query) override;
    [[nodiscard]] Status probe() override { return collection_->probe(); }

private:
    // Others may store a document in another language meanwhile: its words' own forms are asked for some seconds later.
    struct KnownLanguages {
        std::vector<std::string> names;
        std::chrono::steady_clock::time_point until;
    };

    // Of query(): more than were asked for when the last ones are equally good.
    [[nodiscard]] Result<std::vector<Record>> nearest(const VectorQuery& query, const Filter& filter, Nearest nearest,
                                                      const SearchTime& time);
    // Nothing: the filter does not name a glob.
    [[nodiscard]] Result<std::optional<std::vector<SourceId>>> sources_admitted(ProjectId project,
                                                                                const VectorFilter& filter,
                                                                                const SearchTime& time);
    [[nodiscard]] Result<Nearest> nearest_of(const VectorQuery& query);

    // That the points follow what is stored. The text before the first core, as far back as contexts and grams reach.
    [[nodiscard]] Result<std::string> text_before(const Document& document, std::span<const Point> points);
    // Those points that are to be stored, after what they replace was removed.
    [[nodiscard]] Result<std::vector<Placed>> without_stored(const Document& document, std::span<const Point> points,
                                                             std::string_view before);
    [[nodiscard]] Status store_all(const Document& document, std::span<const Placed> points);
    // The different ones of a member of payloads; the filter as JSON, empty = of all points.
    [[nodiscard]] Result<std::vector<std::string>> values_of(std::string_view key, const std::string& filter,
                                                             const std::optional<SearchTime>& time = {});
    void forget_languages(ProjectId project);
    [[nodiscard]] Status store_range(const Document& document, std::span<const Placed> points);

    const std::unique_ptr<Collection> collection_;
    const std::size_t dimension_;
    Workspaces workspaces_;
    Turns turns_;
    Mutex languages_mutex_;
    std::map<ProjectId, KnownLanguages> languages_ ARCHAEO_GUARDED_BY(languages_mutex_);
};

// Pages of points, one behind the other. One thread at a time.
class Pages {
public:
    Pages(Collection& collection, Filter filter, std::size_t limit, Keys keys, Vectors vectors = Vectors::left_out,
          const std::optional<SearchTime>& time = {})
        : collection_(collection),
          filter_(std::move(filter)),
          limit_(limit),
          keys_(keys.begin(), keys.end()),
          vectors_(vectors),
          time_(time) {}

    // Empty at the end.
    [[nodiscard]] Result<std::vector<Record>> next();

private:
    Collection& collection_;
    const Filter filter_;
    const std::size_t limit_;
    const std::vector<std::string_view> keys_;
    const Vectors vectors_;
    const std::optional<SearchTime> time_;
    std::string offset_;
    bool is_last_ = false;
};

// Points of one generation by ordinal, from `begin` to before `end`; those that are there.
[[nodiscard]] Result<std::vector<Record>> records_by_ordinal(Collection& collection, const Filter& generation,
                                                             std::uint64_t begin, std::uint64_t end, Keys keys,
                                                             Vectors vectors = Vectors::left_out,
                                                             const std::optional<SearchTime>& time = {});

[[nodiscard]] Result<std::uint64_t> count_of(Collection& collection, const Filter& filter);

}  // namespace archaeologist::qdrant
