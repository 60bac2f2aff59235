#include "search/literal_search.hpp"

#include <algorithm>

#include "search/highlight.hpp"
#include "text/lines.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t matches_max = 10'000;     // the store's limit
constexpr std::size_t matches_of_a_chunk = 16;  // asked for at first

// Matches that begin in one chunk.
Hit make_hit(std::span<const LiteralMatch> matches, const ActiveSource& source, std::uint64_t newlines_in_literal) {
    const LiteralMatch& first = matches.front();
    Hit hit;
    hit.chunk_id = point_id({source.project_id, first.source_id, first.generation, {}, {}, {}}, first.ordinal);
    hit.content = first.text;
    hit.score = 1;
    hit.why.literal = true;
    hit.project_id = source.project_id;
    hit.source_id = first.source_id;
    hit.source_name = source.name;
    hit.heading = first.heading;
    hit.byte_range = first.core;
    hit.ordinal = first.ordinal;
    hit.symbol = symbol_of(first.file_type, first.heading);
    hit.line_range = {first.line, matches.back().line + newlines_in_literal};
    for (const LiteralMatch& match : matches) {
        const std::uint64_t end = std::min(match.match.end, first.core.end);
        hit.highlights.push_back({match.match.begin - first.core.begin, end - first.core.begin});
    }
    hit.highlights = join_ranges(std::move(hit.highlights));
    return hit;
}

// Matches of the active generations of a project; `limit` of them, all counted.
Result<LiteralReply> find_active(VectorStore& store, ActiveSources& active, LiteralQuery query) {
    Status failed;
    query.accept = [&](SourceId source, const GenerationId& generation) {
        if (!failed) return false;
        const auto found = active.find(query.project_id, source, generation);
        if (!found) failed = found.error();
        return found && *found != nullptr;
    };
    ARCHAEO_ASSIGN(LiteralReply reply, store.find(query));
    ARCHAEO_TRY(std::move(failed));
    return reply;
}

// How many matches at the front begin in the same chunk.
std::size_t chunk_size(std::span<const LiteralMatch> matches) {
    const LiteralMatch& first = matches.front();
    std::size_t size = 1;
    while (size < matches.size() && matches[size].source_id == first.source_id &&
           matches[size].generation == first.generation && matches[size].ordinal == first.ordinal) {
        ++size;
    }
    return size;
}

// The last chunk may be short of matches when the limit cut it, so it counts only when nothing was cut.
std::size_t whole_chunks(std::span<const LiteralMatch> matches, std::size_t limit) {
    std::size_t chunks = 0;
    for (auto rest = matches; !rest.empty(); rest = rest.subspan(chunk_size(rest))) ++chunks;
    return matches.size() < limit || chunks == 0 ? chunks : chunks - 1;
}

}  // namespace

Result<std::uint64_t> search_literal(VectorStore& store, ActiveSources& active, std::span<const ProjectId> projects,
                                     const SearchRequest& request, const VectorFilter& filter, PageBuilder& page) {
    const std::size_t chunks_wanted = request.offset + request.limit;
    LiteralQuery query{{}, request.query, request.letter_case, request.whole_word, filter, {}, 0, 0, request.pattern};
    query.chunks_per_document = request.per_source;
    const std::uint64_t newlines = request.pattern == TextPattern::literal ? count_newlines(request.query) : 0;
    std::uint64_t total = 0;
    for (const ProjectId project : projects) {
        query.project_id = project;
        query.limit = page.is_full() ? 1 : std::min(matches_max, matches_of_a_chunk * chunks_wanted);
        ARCHAEO_ASSIGN(LiteralReply reply, find_active(store, active, query));
        const bool has_more = reply.matches.size() == query.limit && query.limit < matches_max;
        if (!page.is_full() && has_more && whole_chunks(reply.matches, query.limit) < chunks_wanted) {
            query.limit = matches_max;
            ARCHAEO_ASSIGN(reply, find_active(store, active, query));
        }
        total += reply.total_found;
        for (std::span<const LiteralMatch> rest = reply.matches; !rest.empty() && !page.is_full();) {
            const std::size_t size = chunk_size(rest);
            ARCHAEO_ASSIGN(const ActiveSource* source, active.find(project, rest[0].source_id, rest[0].generation));
            if (source != nullptr) page.add(make_hit(rest.first(size), *source, newlines));
            rest = rest.subspan(size);
        }
    }
    return total;
}

}  // namespace archaeologist
