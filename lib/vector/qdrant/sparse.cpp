#include "vector/qdrant/sparse.hpp"

#include <algorithm>
#include <cstring>

#include "vector/bm25.hpp"

namespace archaeologist::qdrant {
namespace {

constexpr double average_length = 256;  // Qdrant's, whatever the texts are

constexpr std::uint32_t rotated(std::uint32_t value, int bits) { return (value << bits) | (value >> (32 - bits)); }

// Austin Appleby's MurmurHash3_x86_32.
std::uint32_t murmur3(std::string_view bytes) {
    constexpr std::uint32_t c1 = 0xcc9e2d51;
    constexpr std::uint32_t c2 = 0x1b873593;
    std::uint32_t hash = 0;
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4) {
        std::uint32_t block = 0;
        std::memcpy(&block, bytes.data() + at, 4);
        hash ^= rotated(block * c1, 15) * c2;
        hash = rotated(hash, 13) * 5 + 0xe6546b64;
    }
    std::uint32_t rest = 0;
    for (std::size_t i = bytes.size(); i > at; --i) rest = (rest << 8) | static_cast<unsigned char>(bytes[i - 1]);
    if (at < bytes.size()) hash ^= rotated(rest * c1, 15) * c2;
    hash ^= static_cast<std::uint32_t>(bytes.size());
    hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
    return hash ^ (hash >> 16);
}

// Adds the text's terms; returns the number of positions, as make_index_terms() counts them.
std::uint32_t add_terms(Analyzer& analyzer, std::string_view text, NaturalLanguage language,
                        std::vector<std::uint32_t>& ids) {
    std::uint32_t positions = 0;
    const auto add = [&](const Term& term) {
        if (!term.same_position || positions == 0) ++positions;
        ids.push_back(term_id(term.text));
    };
    analyzer.analyze(text, add, language);
    return positions;
}

}  // namespace

std::uint32_t term_id(std::string_view term) {
    const std::uint32_t hash = murmur3(term);
    return (hash & 0x80000000U) != 0 ? 0U - hash : hash;
}

SparseVector document_terms(Analyzer& analyzer, std::string_view header, std::string_view text,
                            NaturalLanguage language) {
    std::vector<std::uint32_t> ids;
    const std::uint32_t length = add_terms(analyzer, header, language, ids) + add_terms(analyzer, text, language, ids);
    std::sort(ids.begin(), ids.end());
    const double norm = bm25_k1 * (1 - bm25_b + bm25_b * static_cast<double>(length) / average_length);
    SparseVector made;
    for (auto at = ids.begin(); at != ids.end();) {
        const auto end = std::upper_bound(at, ids.end(), *at);
        const auto occurrences = static_cast<double>(end - at);
        made.indices.push_back(*at);
        made.values.push_back(static_cast<float>(occurrences * (bm25_k1 + 1) / (occurrences + norm)));
        at = end;
    }
    return made;
}

SparseVector query_terms(Analyzer& analyzer, std::string_view words, std::span<const NaturalLanguage> languages) {
    SparseVector made;
    for (const QueryWord& word : analyzer.query_words(words, languages)) {
        for (const std::string& term : word) made.indices.push_back(term_id(term));
    }
    std::sort(made.indices.begin(), made.indices.end());
    made.indices.erase(std::unique(made.indices.begin(), made.indices.end()), made.indices.end());
    made.values.assign(made.indices.size(), 1);
    return made;
}

}  // namespace archaeologist::qdrant
