// Finds a literal in a text that arrives in pieces, wherever the pieces are cut. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/vector_store.hpp"
#include "vector/case_fold.hpp"

namespace archaeologist {

enum class WordRule { anywhere, whole_word };

// Matches are leftmost and do not overlap, like those of grep -o. Pieces end between characters. One thread at a time.
class LiteralScanner {
public:
    // The literal is not empty.
    LiteralScanner(std::string_view literal, LetterCase letter_case, WordRule word_rule);

    // A new text begins.
    void restart();
    // The matches that `piece` makes certain. The result lives until the next call.
    [[nodiscard]] const std::vector<ByteRange>& push(std::string_view piece);
    // The text is over: the rest.
    [[nodiscard]] const std::vector<ByteRange>& finish();

private:
    void scan(std::size_t certain_end);
    void scan_exact(std::size_t certain_end);
    void scan_folded(std::size_t certain_end);
    bool take(std::size_t begin, std::size_t end);
    [[nodiscard]] bool stands_alone(std::size_t begin, std::size_t end) const;
    void keep_tail();

    std::string literal_;  // folded when case is ignored
    LetterCase letter_case_;
    WordRule word_rule_;
    std::size_t tail_bytes_;
    std::string window_;
    std::uint64_t window_begin_ = 0;  // in the text
    std::uint64_t next_begin_ = 0;    // no match begins before it
    FoldedText folded_;
    std::vector<ByteRange> matches_;
};

// All matches within one text.
[[nodiscard]] std::vector<ByteRange> find_literal(std::string_view text, std::string_view literal,
                                                  LetterCase letter_case, WordRule word_rule);

}  // namespace archaeologist
