// Fuses rankings so that a longer look changes nothing at the front. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "search/fusion.hpp"

namespace archaeologist {

inline constexpr std::size_t first_tier_hits = 100;
inline constexpr std::size_t tier_growth = 4;

// Fuses the first 100 of both rankings, then those up to 400, up to 1,600, …, and puts the results one behind the other:
// a score is spread over the rankings' ends, and so would depend on how far they were asked for. A hit stands in the
// first tier that has it. Scores fall, also from one tier to the next.
[[nodiscard]] std::vector<FusedHit> fuse_in_tiers(std::vector<RankedHit> words, std::vector<RankedHit> vectors,
                                                  double vector_weight);

}  // namespace archaeologist
