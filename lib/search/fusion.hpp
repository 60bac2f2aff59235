// Makes one ranking of two. Pure.
#pragma once

#include <vector>

#include "search/leg.hpp"

namespace archaeologist {

struct FusedHit {
    RankedHit ranked;
    double score = 0;
    double similarity = 0;  // of the vectors' ranking, 0 when the hit is not in it
    bool in_words = false;  // whether it is in the words' ranking
};

// Each ranking's scores are spread over 0 to 1 (the best 1, the last 0; all 1 when they are equal), then added as
// (1 - weight)·words + weight·vectors; a hit that is missing in one adds 0 there. Ranks alone (RRF) lose to the words'
// own ranking when the vectors are much worse; scores do not.
// Best first, equals by point id.
[[nodiscard]] std::vector<FusedHit> fuse(std::vector<RankedHit> words, std::vector<RankedHit> vectors,
                                         double vector_weight);

}  // namespace archaeologist
