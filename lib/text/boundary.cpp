#include "text/boundary.hpp"

#include <algorithm>
#include <array>

namespace archaeologist {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\n'; }

template <std::size_t n>
bool ends_with_any(std::string_view text, const std::array<std::string_view, n>& endings) {
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return text.ends_with(e); });
}

constexpr std::array<std::string_view, 5> wide_stops = {"。", "！", "？", "．", "｡"};
constexpr std::array<std::string_view, 5> wide_closers = {"」", "』", "）", "”", "】"};
constexpr std::array<std::string_view, 3> wide_pauses = {"、", "，", "\u3000"};

// Whether the text, spaces taken off, ends a sentence: a stop, perhaps with one or two closing marks behind it.
bool ends_sentence(std::string_view text) {
    for (int closers = 0; closers < 2 && !text.empty() && std::string_view("\"')]").find(text.back()) != npos;
         ++closers) {
        text.remove_suffix(1);
    }
    return !text.empty() && (text.back() == '.' || text.back() == '!' || text.back() == '?');
}

bool ends_wide_sentence(std::string_view text) {
    if (ends_with_any(text, wide_closers)) text.remove_suffix(3);
    return ends_with_any(text, wide_stops);
}

// Whether the line before the one that begins at `line` is blank.
bool follows_blank_line(std::string_view text, std::size_t line, bool begins_line) {
    std::size_t at = line - 1;
    while (at > 0 && text[at - 1] != '\n' && is_space(text[at - 1])) --at;
    return at == 0 ? begins_line : text[at - 1] == '\n';
}

enum class Ending { none, word, sentence };

// What ends at `at`. A run of spaces belongs to the word before it.
Ending ending_at(std::string_view text, std::size_t at) {
    const char left = text[at - 1];
    if (static_cast<unsigned char>(left) >= 0x80) {
        const std::string_view head = text.substr(0, at);
        const bool is_word = ends_with_any(head, wide_pauses);
        const bool is_sentence = ends_wide_sentence(head);
        if ((!is_word && !is_sentence) || !surely_parts_graphemes(text, at)) return Ending::none;
        if (!is_sentence) return Ending::word;
        const std::string_view next = text.substr(at, 3);  // a closing mark stays with its sentence
        return ends_with_any(next, wide_closers) ? Ending::none : Ending::sentence;
    }
    if (!is_space(left) || is_space(text[at]) || !surely_parts_graphemes(text, at)) return Ending::none;
    std::size_t word_end = at - 1;
    while (word_end > 0 && is_space(text[word_end - 1])) --word_end;
    return ends_sentence(text.substr(0, word_end)) ? Ending::sentence : Ending::word;
}

}  // namespace

Found find_line_cut(std::string_view text, const CutRange& range, bool begins_line) {
    const auto is_set_off = [&](std::size_t line) { return follows_blank_line(text, line, begins_line); };
    std::size_t near = 0;  // the last line up to the aim
    for (std::size_t end = range.aim; end >= range.low;) {
        const std::size_t newline = text.substr(0, end).rfind('\n');
        if (newline == npos || newline + 1 < range.low) break;
        if (near == 0) near = newline + 1;
        if (is_set_off(newline + 1)) return {newline + 1, range.aim - newline};
        end = newline;
    }
    std::size_t far = 0;  // the first behind it
    for (std::size_t at = range.aim; at < range.high;) {
        const std::size_t newline = text.substr(0, range.high).find('\n', at);
        if (newline == npos) break;
        if (far == 0) far = newline + 1;
        if (is_set_off(newline + 1)) return {newline + 1, newline - range.low};
        at = newline + 1;
    }
    return {near > 0 ? near : far, range.high - range.low};
}

std::size_t find_marked_cut(std::span<const LineMark> marks, std::uint64_t begin, const CutRange& range, Early early) {
    LineMark best;
    LineMark before;  // the strongest below low, the last among equals
    const std::size_t floor = early == Early::any ? 1 : std::max<std::size_t>(range.low / 4, 1);
    for (const LineMark& mark : marks) {
        if (mark.at < begin + floor) continue;
        if (mark.at > begin + range.high) break;
        if (mark.at < begin + range.low) {
            if (mark.strength >= before.strength) before = mark;
        } else if (mark.strength > best.strength || (mark.strength == best.strength && mark.at <= begin + range.aim)) {
            best = mark;
        }
    }
    const bool is_worth_it = early == Early::any || before.strength == Strength::section ||
                             (before.strength == Strength::block && best.strength == Strength::inside);
    const bool is_early = is_worth_it && before.strength > best.strength;
    const LineMark& cut = is_early ? before : best;
    return cut.strength == Strength::none ? 0 : static_cast<std::size_t>(cut.at - begin);
}

Found find_word_cut(std::string_view text, const CutRange& range) {
    std::size_t word = 0;
    for (std::size_t at = range.aim; at >= range.low; --at) {
        if (is_continuation(text[at])) continue;
        const Ending ending = ending_at(text, at);
        if (ending == Ending::sentence) return {at, range.aim - at};
        if (ending == Ending::word && word == 0) word = at;
    }
    return {word, range.aim - range.low};
}

Found find_grapheme_cut(std::string_view text, const CutRange& range) {
    const Found near = last_grapheme_boundary(text, range.aim);
    if (near.at >= range.low) return near;
    const Found far = last_grapheme_boundary(text, range.high);
    return {far.at, near.scanned + far.scanned};
}

Found find_context_begin(std::string_view text, std::size_t earliest, TextKind kind) {
    const std::size_t size = text.size();
    if (earliest == 0) return {0, 0};
    const std::size_t newline = text.find('\n', earliest - 1);
    const std::size_t line = newline == npos ? size : newline + 1;
    if (kind == TextKind::table || size - line >= (size - earliest) / 2) return {line, line - earliest};
    std::size_t grapheme = size;
    for (std::size_t at = earliest; at < size; ++at) {
        if (is_continuation(text[at]) || !surely_parts_graphemes(text, at)) continue;
        if (is_space(text[at - 1]) && !is_space(text[at])) return {at, at - earliest};
        if (grapheme == size) grapheme = at;
    }
    return {line < size ? line : grapheme, size - earliest};
}

}  // namespace archaeologist
