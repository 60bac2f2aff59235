#include "cli/hit_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

#include "host/figure.hpp"
#include "host/printable.hpp"

namespace archaeologist::cli {
namespace {

constexpr std::size_t passage_lines_max = 6;
constexpr std::size_t line_bytes_max = 240;  // of a passage
constexpr std::size_t also_in_max = 3;

using host::Emphasis;

// As ripgrep has them.
constexpr std::string_view match_colour = "\033[1;31m";
constexpr std::string_view name_colour = "\033[35m";
constexpr std::string_view number_colour = "\033[32m";
constexpr std::string_view faint = "\033[2m";

// What is printed as it is: of a file it must be made printable before.
std::string coloured(std::string clean, std::string_view colour, Emphasis emphasis) {
    return emphasis == Emphasis::bold && !clean.empty() ? std::string(colour) + clean + "\033[0m" : clean;
}

std::string place(std::string_view name, const LineRange& lines) {
    std::string text = host::printable(name) + ':' + std::to_string(lines.first);
    if (lines.last != lines.first) text += '-' + std::to_string(lines.last);
    return text;
}

std::string score_text(double score) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f", score);
    return text.data();
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

// Moves `at` back to where a character begins.
std::size_t character_start(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

// The part of a long line that is shown: around its first highlight.
ByteRange shown_part(const HitLine& line) {
    if (line.text.size() <= line_bytes_max) return {0, line.text.size()};
    constexpr std::size_t before = line_bytes_max / 4;
    const std::size_t first = line.highlights.empty() ? 0 : static_cast<std::size_t>(line.highlights.front().begin);
    const std::size_t begin = character_start(line.text, first > before ? first - before : 0);
    const std::size_t end = character_start(line.text, std::min(begin + line_bytes_max, line.text.size()));
    return {begin, end};
}

std::string marked(const HitLine& line, Emphasis emphasis) {
    const auto part = shown_part(line);
    const auto text_between = [&](std::uint64_t begin, std::uint64_t end) {
        return line.text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    };
    std::string out = part.begin > 0 ? "…" : "";
    std::uint64_t at = part.begin;
    for (const auto& highlight : line.highlights) {
        const auto begin = std::clamp(highlight.begin, at, part.end);
        const auto end = std::clamp(highlight.end, begin, part.end);
        out += host::printable_line(text_between(at, begin)) +
               coloured(host::printable_line(text_between(begin, end)), match_colour, emphasis);
        at = end;
    }
    out += host::printable_line(text_between(at, part.end));
    return part.end < line.text.size() ? out + "…" : out;
}

// From the line before the first highlight on, without blank lines at either end.
std::vector<HitLine> lines_that_matter(std::vector<HitLine> lines) {
    const auto lit =
        std::find_if(lines.begin(), lines.end(), [](const auto& line) { return !line.highlights.empty(); });
    if (lit != lines.end() && lit != lines.begin()) lines.erase(lines.begin(), lit - 1);
    const auto first = std::find_if(lines.begin(), lines.end(), [](const auto& line) { return !is_blank(line.text); });
    lines.erase(lines.begin(), first);
    if (lines.size() > passage_lines_max) lines.resize(passage_lines_max);
    while (!lines.empty() && is_blank(lines.back().text)) lines.pop_back();
    return lines;
}

std::string also_in(const Hit& hit) {
    if (hit.also_in.empty()) return {};
    std::string text = "  also in ";
    for (std::size_t i = 0; i < hit.also_in.size() && i < also_in_max; ++i) {
        text += (i == 0 ? "" : ", ") + place(hit.also_in[i].source_name, hit.also_in[i].line_range);
    }
    if (hit.also_in.size() > also_in_max) text += " and " + host::grouped(hit.also_in.size() - also_in_max) + " more";
    return text + '\n';
}

bool is_lit(const HitLine& line) { return !line.highlights.empty(); }

// The hit with the lines around it as part of its content. Its first line is then not that of `line_range` any more,
// but for a literal's, which is the match's.
Hit with_context(const Hit& hit, SearchMode mode) {
    Hit whole = hit;
    whole.content = hit.before + hit.content + hit.after;
    for (ByteRange& range : whole.highlights) {
        range.begin += hit.before.size();
        range.end += hit.before.size();
    }
    const auto before = static_cast<std::uint64_t>(std::count(hit.before.begin(), hit.before.end(), '\n'));
    if (mode != SearchMode::literal) whole.line_range.first -= std::min(before, whole.line_range.first - 1);
    return whole;
}

// Lines with a highlight and so many around each.
std::vector<HitLine> lines_around(std::vector<HitLine> lines, const ContextLines& context) {
    std::vector<HitLine> kept;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t from = i - std::min(i, context.after);
        const std::size_t to = std::min(lines.size(), i + context.before + 1);
        const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(from);
        if (std::any_of(begin, lines.begin() + static_cast<std::ptrdiff_t>(to), is_lit)) kept.push_back(lines[i]);
    }
    return kept;
}

std::string numbered(const HitLine& line, Emphasis emphasis) {
    return coloured(std::to_string(line.number), number_colour, emphasis) + (is_lit(line) ? ':' : '-') +
           marked(line, emphasis) + '\n';
}

// The hits of a file.
using FileHits = std::vector<const Hit*>;

// Best file first; within a file by place.
std::vector<FileHits> by_file(const SearchReply& reply) {
    std::vector<FileHits> files;
    std::map<SourceId, std::size_t> places;
    for (const Hit& hit : reply.results) {
        const auto [place, is_new] = places.emplace(hit.source_id, files.size());
        if (is_new) files.emplace_back();
        files[place->second].push_back(&hit);
    }
    for (FileHits& hits : files) {
        std::stable_sort(hits.begin(), hits.end(),
                         [](const Hit* a, const Hit* b) { return a->line_range.first < b->line_range.first; });
    }
    return files;
}

// A line that several hits show is given once.
std::string literal_lines(const FileHits& hits, const HitStyle& style) {
    std::vector<Hit> whole;
    for (const Hit* hit : hits) whole.push_back(with_context(*hit, SearchMode::literal));
    std::map<std::uint64_t, HitLine> lines;
    for (const Hit& hit : whole) {
        for (HitLine& line : lines_around(lines_of(hit, SearchMode::literal), style.context.value_or(ContextLines()))) {
            const auto [place, is_new] = lines.emplace(line.number, line);
            if (!is_new && is_lit(line)) place->second = std::move(line);
        }
    }
    std::string text;
    std::uint64_t next = 0;
    for (const auto& [number, line] : lines) {
        if (style.context && next != 0 && number != next) text += "--\n";
        text += numbered(line, style.emphasis);
        next = number + 1;
    }
    for (const Hit* hit : hits) text += also_in(*hit);
    return text;
}

std::string passage(const Hit& hit, SearchMode mode, const HitStyle& style) {
    std::string place = std::to_string(hit.line_range.first);
    if (hit.line_range.last != hit.line_range.first) place += '-' + std::to_string(hit.line_range.last);
    place += "  " + score_text(hit.score);
    if (!hit.heading.empty()) place += "  " + host::printable(hit.heading);
    std::string text = coloured(place, faint, style.emphasis) + '\n';
    const Hit whole = with_context(hit, mode);
    std::vector<HitLine> lines = lines_of(whole, mode);
    const bool around = style.context && std::any_of(lines.begin(), lines.end(), is_lit);
    lines = around ? lines_around(std::move(lines), *style.context) : lines_that_matter(std::move(lines));
    for (const HitLine& line : lines) text += "  " + numbered(line, style.emphasis);
    return text + also_in(hit);
}

// Which lines of a hit a program gets.
std::vector<HitLine> reported_lines(const Hit& hit, SearchMode mode) {
    auto lines = lines_of(hit, mode);
    const bool lit = std::any_of(lines.begin(), lines.end(), [](const auto& line) { return !line.highlights.empty(); });
    if (lit) {
        std::erase_if(lines, [](const auto& line) { return line.highlights.empty(); });
        return lines;
    }
    const auto first = std::find_if(lines.begin(), lines.end(), [](const auto& line) { return !is_blank(line.text); });
    return first == lines.end() ? std::vector<HitLine>{} : std::vector<HitLine>{*first};
}

}  // namespace

std::vector<HitLine> lines_of(const Hit& hit, SearchMode mode) {
    const std::string_view content = hit.content;
    std::vector<HitLine> lines;
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        HitLine line{lines.size(), content.substr(begin, end - begin), {}};
        for (const auto& highlight : hit.highlights) {
            const auto from = std::clamp<std::uint64_t>(highlight.begin, begin, end);
            const auto to = std::clamp<std::uint64_t>(highlight.end, begin, end);
            if (from < to) line.highlights.push_back({from - begin, to - begin});
        }
        lines.push_back(std::move(line));
        begin = end + 1;
    }
    // A literal hit's lines are those of the match, which need not begin the content.
    const auto lit =
        std::find_if(lines.begin(), lines.end(), [](const auto& line) { return !line.highlights.empty(); });
    const auto before = static_cast<std::uint64_t>(lit - lines.begin());
    const bool of_match = mode == SearchMode::literal && lit != lines.end() && hit.line_range.first > before;
    const std::uint64_t first = of_match ? hit.line_range.first - before : hit.line_range.first;
    for (auto& line : lines) line.number += first;
    return lines;
}

std::string passages_of(const SearchReply& reply, const HitStyle& style) {
    std::string text;
    for (const FileHits& hits : by_file(reply)) {
        if (!text.empty()) text += '\n';
        text += coloured(host::printable(hits.front()->source_name), name_colour, style.emphasis) + '\n';
        if (reply.mode == SearchMode::literal) {
            text += literal_lines(hits, style);
        } else {
            for (const Hit* hit : hits) text += passage(*hit, reply.mode, style);
        }
    }
    return text;
}

std::string grep_lines_of(const SearchReply& reply, const HitStyle& style) {
    std::string text;
    std::set<std::pair<SourceId, std::uint64_t>> given;
    std::pair<SourceId, std::uint64_t> next{};
    for (const auto& hit : reply.results) {
        const Hit whole = style.context ? with_context(hit, reply.mode) : hit;
        auto lines = reported_lines(whole, reply.mode);
        if (style.context && !lines.empty() && is_lit(lines.front())) {
            lines = lines_around(lines_of(whole, reply.mode), *style.context);
        }
        for (const auto& line : lines) {
            const std::pair at{hit.source_id, line.number};
            if (!given.insert(at).second) continue;
            if (style.context && !text.empty() && at != next) text += "--\n";
            const char mark = is_lit(line) || !style.context ? ':' : '-';
            text += host::printable(hit.source_name) + mark + std::to_string(line.number) + mark +
                    host::printable_line(line.text) + '\n';
            next = {hit.source_id, line.number + 1};
        }
    }
    return text;
}

std::string vimgrep_lines_of(const SearchReply& reply) {
    std::string text;
    std::set<std::tuple<SourceId, std::uint64_t, std::uint64_t>> given;
    for (const auto& hit : reply.results) {
        for (auto& line : reported_lines(hit, reply.mode)) {
            if (line.highlights.empty()) line.highlights.push_back({});
            for (const auto& highlight : line.highlights) {
                if (!given.insert({hit.source_id, line.number, highlight.begin}).second) continue;
                text += host::printable(hit.source_name) + ':' + std::to_string(line.number) + ':' +
                        std::to_string(highlight.begin + 1) + ':' + host::printable_line(line.text) + '\n';
            }
        }
    }
    return text;
}

std::string remarks_of(const SearchReply& reply) {
    const auto count = [](std::int64_t value) {
        return host::grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)));
    };
    const auto& coverage = reply.coverage;
    std::string text;
    std::uint64_t shown = 0;
    for (const Hit& hit : reply.results) shown += hit.highlights.size();
    if (reply.mode == SearchMode::literal && shown > 0 && shown < reply.total_found) {
        text += host::grouped(shown) + " of " + host::grouped(reply.total_found) +
                " matches; --limit and --per-file show more\n";
    }
    if (reply.results.empty()) {
        text += "nothing found in " + count(coverage.searchable) + " searchable files\n";
    }
    if (coverage.pending > 0 || coverage.failed > 0) {
        text += "searched " + count(coverage.searchable) + " of " + count(coverage.sources) +
                " files: " + count(coverage.pending) + " pending, " + count(coverage.failed) + " failed\n";
    }
    if (!reply.note.empty()) text += host::printable(reply.note) + '\n';
    return text;
}

}  // namespace archaeologist::cli
