#include "search/page.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "search/fusion.hpp"

namespace archaeologist {
namespace {

std::vector<Ranked> ranking(const std::vector<Candidate>& leg) {
    std::vector<Ranked> ranks;
    ranks.reserve(leg.size());
    for (const auto& [project, hit] : leg) ranks.push_back({hit.id, hit.score});
    return ranks;
}

Hit hit_of(const Candidate& candidate, double score) {
    const VectorHit& found = candidate.hit;
    Hit hit;
    hit.chunk_id = found.id;
    hit.content = found.text;
    hit.score = score;
    hit.project_id = candidate.project_id;
    hit.source_id = found.source_id;
    hit.heading = found.heading;
    hit.byte_range = found.core;
    hit.line_range = found.lines;
    return hit;
}

std::uint64_t lines_in(std::string_view text) {
    return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

// Where a literal match lies in its chunk's text; it may reach beyond the chunk's end.
ByteRange highlight_of(const LiteralMatch& match) {
    return {match.match.begin - match.core.begin, std::min(match.match.end, match.core.end) - match.core.begin};
}

}  // namespace

void Page::fill(std::vector<Candidate> words, std::vector<Candidate> dense, double weight) {
    hits_.clear();
    std::unordered_map<std::size_t, std::size_t> by_text;  // hash of a text → its hit
    std::map<SourceId, std::size_t> of_source;
    for (const Fused& fused : fuse(ranking(words), ranking(dense), weight)) {
        const Candidate& candidate = fused.words ? words[*fused.words] : dense[*fused.dense];
        const auto [same, is_new] = by_text.emplace(std::hash<std::string>{}(candidate.hit.text), hits_.size());
        if (!is_new && hits_[same->second].content == candidate.hit.text) {
            Hit& hit = hits_[same->second];
            hit.also_in.push_back({candidate.hit.source_id, {}, candidate.hit.lines});
            continue;
        }
        if (request_.per_source > 0 && of_source[candidate.hit.source_id] >= request_.per_source) {
            if (is_new) by_text.erase(same);
            continue;
        }
        ++of_source[candidate.hit.source_id];
        Hit hit = hit_of(candidate, fused.score);
        if (fused.dense) hit.why.similarity = dense[*fused.dense].hit.score;
        hits_.push_back(std::move(hit));
    }
}

void Page::add_literal(ProjectId project, std::vector<LiteralMatch> matches) {
    std::optional<std::pair<SourceId, std::uint32_t>> last;
    std::size_t of_source = 0;
    for (LiteralMatch& match : matches) {
        const std::pair chunk{match.source_id, match.ordinal};
        if (last == chunk) {
            add_to_last(match);
            continue;
        }
        of_source = last && last->first == match.source_id ? of_source + 1 : 1;
        if (request_.per_source > 0 && of_source > request_.per_source) continue;
        last = chunk;
        Hit hit;
        hit.chunk_id = point_id({project, match.source_id, match.generation, {}, {}, {}}, match.ordinal);
        hit.score = 1;
        hit.why.literal = true;
        hit.project_id = project;
        hit.source_id = match.source_id;
        hit.heading = match.heading;
        hit.byte_range = match.core;
        hit.line_range = {match.line, match.line + lines_in(request_.query)};
        hit.highlights.push_back(highlight_of(match));
        hit.content = std::move(match.text);
        hits_.push_back(std::move(hit));
    }
}

void Page::add_to_last(const LiteralMatch& match) {
    Hit& hit = hits_.back();
    hit.highlights.push_back(highlight_of(match));
    hit.line_range.last = match.line + lines_in(request_.query);
}

std::vector<Hit> Page::take() {
    const std::size_t begin = std::min(request_.offset, hits_.size());
    const std::size_t end = std::min(begin + request_.limit, hits_.size());
    std::vector<Hit> page(std::make_move_iterator(hits_.begin() + static_cast<std::ptrdiff_t>(begin)),
                          std::make_move_iterator(hits_.begin() + static_cast<std::ptrdiff_t>(end)));
    hits_.clear();
    return page;
}

void explain(Hit& hit, const SearchRequest& request, const std::vector<std::string>& terms, Analyzer& analyzer) {
    if (request.mode == SearchMode::literal) return;
    hit.why.literal = hit.content.find(request.query) != std::string::npos;
    std::vector<bool> found(terms.size());
    analyzer.analyze(hit.content, [&](const Term& term) {
        const auto at = std::find(terms.begin(), terms.end(), term.text);
        if (at == terms.end()) return;
        found[static_cast<std::size_t>(at - terms.begin())] = true;
        const ByteRange range{term.begin, term.end};
        // Parts of an identifier lie within it; the whole one, which came first, is highlighted already.
        if (hit.highlights.empty() || hit.highlights.back().end <= range.begin) hit.highlights.push_back(range);
    });
    for (std::size_t i = 0; i < terms.size(); ++i) {
        if (found[i]) hit.why.words.push_back(terms[i]);
    }
}

}  // namespace archaeologist
