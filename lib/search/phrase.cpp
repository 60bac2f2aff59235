#include "search/phrase.hpp"

#include <algorithm>

namespace archaeologist {
namespace {

bool has_joiner(std::string_view text) { return text.find_first_of("./") != std::string_view::npos; }

}  // namespace

std::vector<std::string> words_in_order(Analyzer& unstemmed, std::string_view text) {
    std::vector<std::string> words;
    bool position_has_word = true;
    unstemmed.analyze(text, [&](const Term& term) {
        if (!term.same_position) position_has_word = false;
        // The first of a position is a path's whole, or an identifier's; parts of it follow.
        if (position_has_word || has_joiner(text.substr(term.begin, term.end - term.begin))) return;
        words.emplace_back(term.text);
        position_has_word = true;
    });
    return words;
}

WordSequence::WordSequence(Analyzer& unstemmed, std::string_view text) {
    unstemmed.analyze(text, [&](const Term& term) {
        if (!term.same_position) ++positions_;
        words_.push_back({positions_,
                          static_cast<std::uint32_t>(terms_.size()),
                          static_cast<std::uint32_t>(term.text.size()),
                          {term.begin, term.end}});
        terms_ += term.text;
    });
}

std::vector<ByteRange> WordSequence::find(const std::vector<std::string>& words) const {
    std::vector<ByteRange> found;
    if (words.empty() || words.size() > phrase_words_max) return found;
    // Bit i of a position: words[i] stands there, and those before it right before.
    std::uint64_t state = 0;
    std::vector<std::uint64_t> begins(words.size());  // of positions, round
    const std::uint64_t whole = std::uint64_t{1} << (words.size() - 1);
    for (std::size_t i = 0; i < words_.size();) {
        const std::uint32_t position = words_[i].position;
        std::uint64_t here = 0;
        std::uint64_t end = 0;
        begins[position % words.size()] = words_[i].source.begin;
        for (; i < words_.size() && words_[i].position == position; ++i) {
            for (std::size_t w = 0; w < words.size(); ++w) {
                if (text_of(words_[i]) != words[w]) continue;
                here |= std::uint64_t{1} << w;
                if (w + 1 == words.size()) end = words_[i].source.end;
                if (w == 0) begins[position % words.size()] = words_[i].source.begin;
            }
        }
        state = ((state << 1) | 1) & here;
        if ((state & whole) != 0) found.push_back({begins[(position + 1) % words.size()], end});
    }
    return found;
}

std::vector<ByteRange> WordSequence::find_beginning(std::string_view prefix) const {
    std::vector<ByteRange> found;
    for (const Word& word : words_) {
        if (text_of(word).starts_with(prefix)) found.push_back(word.source);
    }
    return found;
}

}  // namespace archaeologist
