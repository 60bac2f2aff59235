// Finds a literal in a text that arrives in pieces, wherever the pieces are cut. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/vector_store.hpp"
#include "vector/case_fold.hpp"
#include "vector/text_scanner.hpp"

namespace archaeologist {

enum class WordRule { anywhere, whole_word };

// Whether no letter, digit or _ stands on either side.
[[nodiscard]] bool stands_alone(std::string_view text, std::size_t begin, std::size_t end);

class LiteralScanner final : public TextScanner {
public:
    // The literal is not empty.
    LiteralScanner(std::string_view literal, LetterCase letter_case, WordRule word_rule);

    void restart() override;
    [[nodiscard]] const std::vector<ByteRange>& push(std::string_view piece) override;
    [[nodiscard]] const std::vector<ByteRange>& finish() override;

private:
    void scan(std::size_t certain_end);
    void scan_exact(std::size_t certain_end);
    void scan_folded(std::size_t certain_end);
    bool take(std::size_t begin, std::size_t end);
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

}  // namespace archaeologist
