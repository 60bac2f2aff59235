// Words that stand one behind the other, in their own forms: folded, not stemmed. What is between them (spaces, line
// ends, punctuation) does not matter. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {

inline constexpr std::size_t phrase_words_max = 64;

// The words of a text as they stand: identifiers whole, and Han, Kana, Hangul and Thai in pairs.
[[nodiscard]] std::vector<std::string> words_in_order(Analyzer& unstemmed, std::string_view text);

// Analysed texts: what phrases and prefixes look at.
class WordSequence {
public:
    WordSequence(Analyzer& unstemmed, std::string_view text);

    // Where the words stand so; they may overlap. At most phrase_words_max words.
    [[nodiscard]] std::vector<ByteRange> find(const std::vector<std::string>& words) const;
    // The words that begin so.
    [[nodiscard]] std::vector<ByteRange> find_beginning(std::string_view prefix) const;

private:
    struct Word {
        std::uint32_t position;
        std::uint32_t text;  // in terms_
        std::uint32_t size;
        ByteRange source;
    };
    [[nodiscard]] std::string_view text_of(const Word& word) const {
        return std::string_view(terms_).substr(word.text, word.size);
    }

    std::string terms_;
    std::vector<Word> words_;
    std::uint32_t positions_ = 0;
};

}  // namespace archaeologist
