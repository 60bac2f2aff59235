// The ranking function of the words leg: BM25 as SQLite's FTS5 computes it. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>

namespace archaeologist {

inline constexpr double bm25_k1 = 1.2;
inline constexpr double bm25_b = 0.75;

// How often a term occurs, as far as it is kept: the index stores one more term for each of these that is reached, and
// no positions. A rank hardly tells 5 occurrences from 4.
inline constexpr std::array<std::uint32_t, 12> bm25_frequencies = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};

[[nodiscard]] inline std::uint32_t bm25_frequency(std::uint32_t occurrences) {
    return *std::prev(std::upper_bound(bm25_frequencies.begin(), bm25_frequencies.end(), occurrences));
}

// Of a term that `with_term` of `chunks` chunks hold. One that more than half hold counts next to nothing.
[[nodiscard]] inline double bm25_idf(std::uint64_t chunks, std::uint64_t with_term) {
    const auto all = static_cast<double>(chunks);
    const auto with = static_cast<double>(with_term);
    const double idf = std::log((all - with + 0.5) / (with + 0.5));
    return std::max(idf, 1e-6);
}

// What a term that occurs `frequency` times adds to the score of a chunk of `length` terms.
[[nodiscard]] inline double bm25_term(double idf, std::uint32_t frequency, std::uint32_t length,
                                      double average_length) {
    const auto tf = static_cast<double>(frequency);
    const double norm = bm25_k1 * (1 - bm25_b + bm25_b * static_cast<double>(length) / average_length);
    return idf * (tf * (bm25_k1 + 1)) / (tf + norm);
}

}  // namespace archaeologist
