// A searcher over a store in memory and a catalog that is a map.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "search/searcher.hpp"
#include "vector/memory.hpp"

namespace archaeologist {

class FakeCatalog final : public SearchCatalog {
public:
    std::map<std::int64_t, ActiveSource> sources;
    int snapshots = 0;

    [[nodiscard]] Result<std::unique_ptr<ActiveSnapshot>> snapshot() override {
        ++snapshots;
        return std::unique_ptr<ActiveSnapshot>(std::make_unique<Snapshot>(sources));
    }

private:
    class Snapshot final : public ActiveSnapshot {
    public:
        explicit Snapshot(std::map<std::int64_t, ActiveSource> sources) : sources_(std::move(sources)) {}
        [[nodiscard]] Result<std::optional<ActiveSource>> find(SourceId source) override {
            const auto found = sources_.find(to_integer(source));
            return found == sources_.end() ? std::optional<ActiveSource>() : std::optional(found->second);
        }
        [[nodiscard]] Result<std::vector<ProjectId>> projects() override {
            std::set<ProjectId> projects;
            for (const auto& [id, source] : sources_) projects.insert(source.project_id);
            return std::vector<ProjectId>(projects.begin(), projects.end());
        }
        [[nodiscard]] Result<Coverage> coverage(std::span<const ProjectId> projects) override {
            Coverage coverage;
            for (const auto& [id, source] : sources_) {
                for (const ProjectId project : projects) coverage.sources += source.project_id == project ? 1 : 0;
            }
            coverage.searchable = coverage.sources;
            return coverage;
        }

    private:
        std::map<std::int64_t, ActiveSource> sources_;
    };
};

// Passes everything on, and calls `before` first.
class WatchedStore final : public VectorStore {
public:
    explicit WatchedStore(VectorStore& store) : store_(store) {}
    std::function<void()> before = [] {};
    std::vector<VectorQuery> queries;
    std::vector<std::string> counted;  // the terms of the last count

    [[nodiscard]] Status upsert(const Document& document, std::span<const Point> points) override {
        return store_.upsert(document, points);
    }
    [[nodiscard]] Status erase(ProjectId project, SourceId source, const GenerationId& generation) override {
        return store_.erase(project, source, generation);
    }
    [[nodiscard]] Status erase_project(ProjectId project) override { return store_.erase_project(project); }
    [[nodiscard]] Result<std::uint64_t> count(ProjectId project, SourceId source, const GenerationId& id) override {
        return store_.count(project, source, id);
    }
    [[nodiscard]] Result<std::vector<StoredChunk>> chunks(ProjectId project, SourceId source, const GenerationId& id,
                                                          std::uint64_t first_ordinal, std::size_t limit) override {
        return store_.chunks(project, source, id, first_ordinal, limit);
    }
    [[nodiscard]] Result<StoredPoints> points(ProjectId project, SourceId source, const GenerationId& id,
                                              std::uint64_t first_ordinal, std::size_t limit) override {
        return store_.points(project, source, id, first_ordinal, limit);
    }
    [[nodiscard]] Result<std::vector<ProjectId>> projects() override { return store_.projects(); }
    [[nodiscard]] Result<std::vector<StoredGeneration>> generations(ProjectId project,
                                                                    std::optional<StoredGeneration> after,
                                                                    std::size_t limit) override {
        return store_.generations(project, after, limit);
    }
    [[nodiscard]] Result<std::vector<VectorHit>> query(const VectorQuery& query) override {
        before();
        queries.push_back(query);
        return store_.query(query);
    }
    [[nodiscard]] Result<TermCounts> count_terms(ProjectId project, std::span<const std::string> terms) override {
        counted.assign(terms.begin(), terms.end());
        return store_.count_terms(project, terms);
    }
    [[nodiscard]] Result<std::vector<std::string>> languages(ProjectId project) override {
        return store_.languages(project);
    }
    [[nodiscard]] Status add_texts(ProjectId project, std::span<VectorHit* const> hits) override {
        before();
        return store_.add_texts(project, hits);
    }
    [[nodiscard]] Result<LiteralReply> find(const LiteralQuery& query) override {
        before();
        return store_.find(query);
    }

private:
    VectorStore& store_;
};

struct SearchFixture {
    std::shared_ptr<Embedder> embedder = make_builtin_embedder();
    std::unique_ptr<VectorStore> memory = make_memory_store(embedder->dimension());
    WatchedStore store{*memory};
    FakeCatalog catalog;
    Searcher searcher{store, *embedder, catalog};
    std::string language;  // of what is put
    std::string file_type = "text";
    std::vector<Heading> headings;  // of the first chunk, the first of them its heading

    static GenerationId generation(int number) {
        Uuid id;
        id.bytes[15] = static_cast<std::uint8_t>(number);
        return GenerationId(id);
    }

    // Stores a version of a source, one chunk for each text, and leaves the catalog alone.
    void put(std::int64_t source, int version, const std::vector<std::string>& texts, std::string name = "",
             std::int64_t project = 1) {
        if (name.empty()) name = "file" + std::to_string(source) + ".txt";
        const Document document{ProjectId{project}, SourceId{source}, generation(version), name, file_type, language};
        std::vector<Point> points;
        std::uint64_t begin = 0;
        std::uint64_t line = 1;
        for (const std::string& text : texts) {
            const std::string_view view = text;
            Point point;
            point.ordinal = static_cast<std::uint32_t>(points.size());
            point.core = point.context = {begin, begin + text.size()};
            const auto newlines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
            const bool ends_line = text.back() == '\n';
            point.lines = {line, line + newlines - (ends_line ? 1 : 0)};
            point.text = view;
            auto matrix = embedder->embed(std::span(&view, 1), TextRole::document);
            REQUIRE(matrix.has_value());
            point.dense = matrix->values;
            if (begin == 0 && !headings.empty()) {
                point.heading = headings.front().text;
                point.headings = headings;
            }
            points.push_back(std::move(point));
            begin += text.size();
            line += newlines;
        }
        REQUIRE(memory->upsert(document, points).has_value());
    }
    void activate(std::int64_t source, int version, std::string name = "", std::int64_t project = 1) {
        if (name.empty()) name = "file" + std::to_string(source) + ".txt";
        catalog.sources[source] = {ProjectId{project}, generation(version), std::move(name)};
    }
    void add(std::int64_t source, const std::vector<std::string>& texts, const std::string& name = "",
             std::int64_t project = 1) {
        put(source, 1, texts, name, project);
        activate(source, 1, name, project);
    }

    SearchReply search(const SearchRequest& request) {
        auto reply = searcher.search(request);
        if (!reply) FAIL(reply.error().message);
        return std::move(reply).value();
    }
    SearchReply search(std::string query, SearchMode mode) {
        SearchRequest request;
        request.query = std::move(query);
        request.mode = mode;
        return search(request);
    }
};

inline constexpr SearchMode all_modes[] = {SearchMode::hybrid, SearchMode::words, SearchMode::semantic,
                                           SearchMode::literal};

}  // namespace archaeologist
