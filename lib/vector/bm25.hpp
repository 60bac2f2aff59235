// The ranking function of the words leg: FTS5's own BM25 with equal weights for both columns, so that scores can be
// compared with what anyone computes by hand from SQLite's documentation. Pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace archaeologist {

inline constexpr double bm25_k1 = 1.2;
inline constexpr double bm25_b = 0.75;

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
