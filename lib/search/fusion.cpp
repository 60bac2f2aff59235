#include "search/fusion.hpp"

#include <algorithm>
#include <unordered_map>

namespace archaeologist {
namespace {

// Spreads the scores of a ranking, best first, over 0 to 1.
class Spread {
public:
    explicit Spread(const std::vector<RankedHit>& hits) {
        if (hits.empty()) return;
        lowest_ = hits.back().hit.score;
        range_ = hits.front().hit.score - lowest_;
    }
    [[nodiscard]] double of(double score) const { return range_ > 0 ? (score - lowest_) / range_ : 1; }

private:
    double lowest_ = 0;
    double range_ = 0;
};

}  // namespace

std::vector<FusedHit> fuse(std::vector<RankedHit> words, std::vector<RankedHit> vectors, double vector_weight) {
    const Spread words_spread(words);
    const Spread vectors_spread(vectors);
    std::vector<FusedHit> fused;
    std::unordered_map<Uuid, std::size_t, UuidHash> places;
    for (RankedHit& ranked : words) {
        places.emplace(ranked.hit.id, fused.size());
        const double score = (1 - vector_weight) * words_spread.of(ranked.hit.score);
        fused.push_back({std::move(ranked), score, 0, true});
    }
    for (RankedHit& ranked : vectors) {
        const double similarity = ranked.hit.score;
        const auto [place, is_new] = places.emplace(ranked.hit.id, fused.size());
        if (is_new) fused.push_back({std::move(ranked), 0, 0, false});
        FusedHit& hit = fused[place->second];
        hit.score += vector_weight * vectors_spread.of(similarity);
        hit.similarity = similarity;
    }
    std::sort(fused.begin(), fused.end(), [](const FusedHit& a, const FusedHit& b) {
        return a.score != b.score ? a.score > b.score : a.ranked.hit.id < b.ranked.hit.id;
    });
    return fused;
}

}  // namespace archaeologist
