// Storing points.
#include <algorithm>
#include <array>
#include <optional>
#include <thread>
#include <unordered_map>

#include "vector/points.hpp"
#include "vector/qdrant/grams.hpp"
#include "vector/qdrant/store.hpp"

namespace archaeologist::qdrant {
namespace {

constexpr std::size_t digests_a_request = 1'000;
constexpr std::size_t points_back = 4;  // whose texts are read first, as an overlap seldom reaches further

constexpr std::array<std::string_view, 1> digest_keys{key::digest};
constexpr std::array<std::string_view, 4> text_keys{key::ordinal, key::core_begin, key::core_end, key::text};

class Turn {
public:
    explicit Turn(Turns& turns) : turns_(turns) { turns_.take(); }
    ~Turn() { turns_.give_back(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    Turns& turns_;
};

using Digests = std::unordered_map<Uuid, std::string, UuidHash>;

Result<Digests> digests_of(Collection& collection, const Document& document, std::span<const Point> points) {
    Digests digests;
    for (std::size_t begin = 0; begin < points.size(); begin += digests_a_request) {
        std::vector<PointId> ids;
        for (const Point& point : points.subspan(begin, std::min(digests_a_request, points.size() - begin))) {
            ids.push_back(point_id(document, point.ordinal));
        }
        ARCHAEO_ASSIGN(const Reply reply,
                       collection.post("/points", "qdrant retrieve", retrieve_body(ids, digest_keys)));
        ARCHAEO_ASSIGN(auto records, parse_records(reply.result()));
        for (Record& record : records) digests.emplace(record.id, std::move(record.digest));
    }
    return digests;
}

Filter filter_of(const Document& document) {
    return Filter(document.project_id).source(document.source_id).generation(document.generation);
}

// What was found instead, or why it could not be found out.
Error out_of_order(Collection& collection, const Document& document, const Point& first) {
    const Filter filter = filter_of(document);
    const auto stored = count_of(collection, filter);
    if (!stored) return stored.error();
    std::uint64_t bytes = 0;
    if (*stored > 0) {
        const auto last = records_by_ordinal(collection, filter, *stored - 1, *stored, text_keys);
        if (!last) return last.error();
        if (!last->empty()) bytes = last->back().core.end;
    }
    return points_out_of_order(document, first, *stored, bytes);
}

}  // namespace

Status Store::upsert(const Document& document, std::span<const Point> points) {
    ARCHAEO_TRY(validate_points(document, points, dimension_));
    if (points.empty()) return {};
    ARCHAEO_ASSIGN(const std::string before, text_before(document, points));
    ARCHAEO_TRY(validate_contexts(document, points, before));
    ARCHAEO_ASSIGN(const auto missing, without_stored(document, points, before));
    ARCHAEO_TRY(store_all(document, missing));
    if (stemming_of(document.language) != NaturalLanguage::english) forget_languages(document.project_id);
    return {};
}

Result<std::string> Store::text_before(const Document& document, std::span<const Point> points) {
    const Point& first = points.front();
    if (first.ordinal == 0) return std::string();
    const Filter filter = filter_of(document);
    const std::uint64_t tail_begin = first.core.begin - std::min<std::uint64_t>(first.core.begin, tail_bytes);
    const std::uint64_t wanted = std::min(contexts_begin(points), tail_begin);
    std::string text;
    std::uint64_t end = first.ordinal;
    for (std::uint64_t back = points_back; end > 0; back *= 4) {
        const std::uint64_t begin = end > back ? end - back : 0;
        ARCHAEO_ASSIGN(const auto records, records_by_ordinal(*collection_, filter, begin, end, text_keys));
        const bool follows = records.size() == end - begin && records.back().ordinal + 1 == end &&
                             (end != first.ordinal || records.back().core.end == first.core.begin);
        if (!follows) break;
        std::string earlier;
        for (const Record& record : records) earlier += record.text;
        text.insert(0, earlier);
        end = begin;
        if (records.front().core.begin > wanted) continue;
        // Nothing of what lies further back is missing either.
        ARCHAEO_ASSIGN(const std::uint64_t stored, count_of(*collection_, Filter(filter).ordinals(0, first.ordinal)));
        if (stored != first.ordinal) break;
        return text.substr(static_cast<std::size_t>(wanted - records.front().core.begin));
    }
    return out_of_order(*collection_, document, first);
}

Result<std::vector<Placed>> Store::without_stored(const Document& document, std::span<const Point> points,
                                                  std::string_view before) {
    ARCHAEO_ASSIGN(const Digests digests, digests_of(*collection_, document, points));
    std::vector<Placed> missing;
    std::string tail(before.substr(before.size() - std::min(before.size(), tail_bytes)));
    bool is_replacing = false;
    for (const Point& point : points) {
        const auto stored = digests.find(point_id(document, point.ordinal));
        const bool is_stored = stored != digests.end() && !is_replacing;
        if (is_stored && stored->second != digest_of(point)) {
            ARCHAEO_TRY(collection_->change(
                net::Method::post, "/points/delete", "qdrant delete",
                delete_body(filter_of(document).ordinals(point.ordinal, std::uint64_t{UINT32_MAX} + 1))));
            is_replacing = true;
        }
        if (!is_stored || is_replacing) missing.push_back({&point, tail});
        const std::string_view core = core_text(point);
        tail += core.substr(core.size() - std::min(core.size(), tail_bytes));
        tail.erase(0, tail.size() - std::min(tail.size(), tail_bytes));
    }
    return missing;
}

Status Store::store_all(const Document& document, std::span<const Placed> points) {
    if (points.empty()) return {};
    std::size_t next = 0;
    if (points.size() <= body_points_max || points.front().point->ordinal == 0) {
        next = std::min(body_points_max, points.size());
        ARCHAEO_TRY(store_range(document, points.first(next)));
    }
    const std::size_t ranges = (points.size() - next + body_points_max - 1) / body_points_max;
    Mutex mutex;
    std::optional<Error> failure;
    const auto store_ranges = [&] {
        for (;;) {
            std::size_t begin = 0;
            {
                const MutexLock lock(mutex);
                if (next >= points.size() || failure) return;
                begin = next;
                next += body_points_max;
            }
            const Status done =
                store_range(document, points.subspan(begin, std::min(body_points_max, points.size() - begin)));
            if (done) continue;
            const MutexLock lock(mutex);
            if (!failure) failure = done.error();
        }
    };
    std::vector<std::thread> threads;
    const std::size_t helpers = std::min(ranges, static_cast<std::size_t>(collection_->location().in_flight));
    for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(store_ranges);
    store_ranges();
    for (std::thread& thread : threads) thread.join();
    if (failure) return *std::move(failure);
    return {};
}

Status Store::store_range(const Document& document, std::span<const Placed> points) {
    const Turn turn(turns_);
    while (!points.empty()) {
        UpsertBody body;
        {
            const Workspaces::Lease workspace = workspaces_.take();
            body = upsert_body(workspace->analyzer, document, points);
        }
        ARCHAEO_TRY(collection_->change(net::Method::put, "/points", "qdrant upsert", body.json));
        points = points.subspan(body.points);
    }
    return {};
}

}  // namespace archaeologist::qdrant
