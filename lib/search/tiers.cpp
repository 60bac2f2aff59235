#include "search/tiers.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace archaeologist {
namespace {

std::vector<RankedHit> take(std::vector<RankedHit>& hits, std::size_t begin, std::size_t end) {
    const auto at = [&](std::size_t index) {
        return hits.begin() + static_cast<std::ptrdiff_t>(std::min(index, hits.size()));
    };
    return {std::make_move_iterator(at(begin)), std::make_move_iterator(at(end))};
}

}  // namespace

std::vector<FusedHit> fuse_in_tiers(std::vector<RankedHit> words, std::vector<RankedHit> vectors,
                                    double vector_weight) {
    std::vector<FusedHit> all;
    std::unordered_set<Uuid, UuidHash> seen;
    const std::size_t size = std::max(words.size(), vectors.size());
    double scale = 1;
    for (std::size_t begin = 0, end = first_tier_hits; begin < size; begin = end, end *= tier_growth) {
        auto tier = fuse(take(words, begin, end), take(vectors, begin, end), vector_weight);
        for (FusedHit& hit : tier) {
            if (!seen.insert(hit.ranked.hit.id).second) continue;
            hit.score *= scale;
            all.push_back(std::move(hit));
        }
        if (!all.empty()) scale = std::max(all.back().score, 0.0);
    }
    return all;
}

}  // namespace archaeologist
