#include "vector/literal.hpp"

#include <algorithm>
#include <cstring>

#include "text/characters.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t character_bytes_max = 4;
constexpr std::size_t fold_growth_max = 3;  // K (Kelvin sign, three bytes) folds to k

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool is_word_character(std::string_view text, std::size_t at) {
    const CharacterKind kind = character_at(text, at).kind;
    return begins_word(kind) || kind == CharacterKind::ideograph || kind == CharacterKind::mark;
}

std::size_t find_in(std::string_view text, std::string_view literal, std::size_t from) {
    if (from >= text.size()) return std::string_view::npos;
    const void* found = memmem(text.data() + from, text.size() - from, literal.data(), literal.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
    if (end < text.size() && is_word_character(text, end)) return false;
    if (begin == 0) return true;
    std::size_t before = begin - 1;
    while (before > 0 && begin - before < character_bytes_max && is_continuation(text[before])) --before;
    return !is_word_character(text, before);
}

LiteralScanner::LiteralScanner(std::string_view literal, LetterCase letter_case, WordRule word_rule)
    : literal_(literal),
      letter_case_(letter_case),
      word_rule_(word_rule),
      tail_bytes_(fold_growth_max * literal.size() + 3 * character_bytes_max) {
    if (letter_case == LetterCase::ignore) {
        folded_.assign(literal);
        literal_ = folded_.text();
    }
}

void LiteralScanner::restart() {
    window_.clear();
    window_begin_ = 0;
    next_begin_ = 0;
}

const std::vector<ByteRange>& LiteralScanner::push(std::string_view piece) {
    matches_.clear();
    window_.append(piece);
    // A match that ends at the window's end waits: what follows may decide whether it is a whole word.
    scan(window_.size() < character_bytes_max ? 0 : window_.size() - character_bytes_max);
    keep_tail();
    return matches_;
}

const std::vector<ByteRange>& LiteralScanner::finish() {
    matches_.clear();
    scan(window_.size());
    restart();
    return matches_;
}

void LiteralScanner::scan(std::size_t certain_end) {
    if (letter_case_ == LetterCase::ignore) {
        scan_folded(certain_end);
    } else {
        scan_exact(certain_end);
    }
}

void LiteralScanner::scan_exact(std::size_t certain_end) {
    std::size_t from = next_begin_ > window_begin_ ? static_cast<std::size_t>(next_begin_ - window_begin_) : 0;
    for (;;) {
        const std::size_t begin = find_in(window_, literal_, from);
        if (begin == std::string::npos || begin + literal_.size() > certain_end) return;
        from = take(begin, begin + literal_.size()) ? begin + literal_.size() : begin + 1;
    }
}

void LiteralScanner::scan_folded(std::size_t certain_end) {
    folded_.assign(window_);
    std::size_t from = 0;
    for (;;) {
        const std::size_t found = find_in(folded_.text(), literal_, from);
        if (found == std::string::npos) return;
        const std::size_t begin = folded_.original_offset(found);
        const std::size_t end = folded_.original_offset(found + literal_.size());
        if (end > certain_end) return;
        const bool is_taken = window_begin_ + begin >= next_begin_ && take(begin, end);
        from = is_taken ? found + literal_.size() : found + 1;
    }
}

bool LiteralScanner::take(std::size_t begin, std::size_t end) {
    if (word_rule_ == WordRule::whole_word && !stands_alone(window_, begin, end)) return false;
    matches_.push_back({window_begin_ + begin, window_begin_ + end});
    next_begin_ = window_begin_ + end;
    return true;
}

// Keeps of the window what a match not yet certain can need, and the character before it. Matches that were refused must
// not be looked at again: their neighbours may be gone.
void LiteralScanner::keep_tail() {
    if (window_.size() <= tail_bytes_) return;
    const std::size_t uncertain_begin = window_.size() - (tail_bytes_ - 2 * character_bytes_max);
    next_begin_ = std::max<std::uint64_t>(next_begin_, window_begin_ + uncertain_begin);
    std::size_t cut = window_.size() - tail_bytes_;
    while (cut > 0 && is_continuation(window_[cut])) --cut;
    window_.erase(0, cut);
    window_begin_ += cut;
}

}  // namespace archaeologist
