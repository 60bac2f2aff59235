#include "vector/index_terms.hpp"

#include <xxhash.h>

#include <cstdint>
#include <vector>

#include "vector/bm25.hpp"

namespace archaeologist {
namespace {

constexpr char first_level_mark = '\x02';  // level 1 is \x03: below every byte of a term, and no marker of packed terms

// The different terms of a text with their numbers, in order of first appearance. Open addressing; the terms themselves
// stand one behind the other in `text_`.
class TermCounter {
public:
    TermCounter() : slots_(first_slots, none) {}

    void add(std::string_view term) {
        const auto hash = static_cast<std::uint32_t>(XXH3_64bits(term.data(), term.size()));
        std::uint32_t& slot = find(term, hash);
        if (slot != none) {
            ++terms_[slot].count;
            return;
        }
        slot = static_cast<std::uint32_t>(terms_.size());
        terms_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(term.size()), hash, 1});
        text_ += term;
        if (terms_.size() * 2 > slots_.size()) grow();
    }

    template <class Visit>
    void for_each(Visit visit) const {
        for (const Counted& term : terms_) visit(of(term), term.count);
    }
    [[nodiscard]] std::size_t text_size() const { return text_.size(); }

private:
    struct Counted {
        std::uint32_t begin;
        std::uint32_t size;
        std::uint32_t hash;
        std::uint32_t count;
    };
    static constexpr std::uint32_t none = UINT32_MAX;
    static constexpr std::size_t first_slots = 512;

    [[nodiscard]] std::string_view of(const Counted& term) const {
        return std::string_view(text_).substr(term.begin, term.size);
    }
    std::uint32_t& find(std::string_view term, std::uint32_t hash) {
        for (std::size_t at = hash;; ++at) {
            std::uint32_t& slot = slots_[at & (slots_.size() - 1)];
            if (slot == none || (terms_[slot].hash == hash && of(terms_[slot]) == term)) return slot;
        }
    }
    void grow() {
        slots_.assign(slots_.size() * 2, none);
        for (std::uint32_t i = 0; i < terms_.size(); ++i) find(of(terms_[i]), terms_[i].hash) = i;
    }

    std::vector<std::uint32_t> slots_;
    std::vector<Counted> terms_;
    std::string text_;
};

// Returns the number of positions; a text's first term is at a new one whatever it says.
std::uint32_t count_terms(Analyzer& analyzer, std::string_view text, NaturalLanguage language, TermCounter& counter) {
    std::uint32_t positions = 0;
    const auto count = [&](const Term& term) {
        if (!term.same_position || positions == 0) ++positions;
        counter.add(term.text);
    };
    analyzer.analyze(text, count, language);
    return positions;
}

}  // namespace

std::string index_term(std::string_view term, std::size_t level) {
    std::string made(term);
    if (level > 0) made += static_cast<char>(first_level_mark + level);
    return made;
}

std::optional<std::size_t> level_in_index(std::string_view indexed, std::string_view term) {
    if (!indexed.starts_with(term)) return std::nullopt;
    if (indexed.size() == term.size()) return 0;
    const auto level = static_cast<std::size_t>(static_cast<unsigned char>(indexed[term.size()]) - first_level_mark);
    const bool is_level = indexed.size() == term.size() + 1 && level > 0 && level < bm25_frequencies.size();
    return is_level ? std::optional(level) : std::nullopt;
}

IndexTerms make_index_terms(Analyzer& analyzer, std::string_view header, std::string_view text,
                            NaturalLanguage language) {
    TermCounter counter;
    IndexTerms made;
    made.length = count_terms(analyzer, header, language, counter) + count_terms(analyzer, text, language, counter);
    made.packed.reserve(counter.text_size() * 2);
    counter.for_each([&](std::string_view term, std::size_t count) {
        for (std::size_t level = 0; level < bm25_frequencies.size() && bm25_frequencies[level] <= count; ++level) {
            made.packed += packed_new_position;
            made.packed += term;
            if (level > 0) made.packed += static_cast<char>(first_level_mark + level);
        }
    });
    return made;
}

}  // namespace archaeologist
