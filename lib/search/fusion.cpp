#include "search/fusion.hpp"

#include <algorithm>
#include <unordered_map>

namespace archaeologist {
namespace {

class Normaliser {
public:
    explicit Normaliser(std::span<const Ranked> leg) {
        if (leg.empty()) return;
        const auto [low, high] = std::minmax_element(
            leg.begin(), leg.end(), [](const Ranked& a, const Ranked& b) { return a.score < b.score; });
        low_ = low->score;
        width_ = high->score - low->score;
    }
    // A leg whose hits all score the same found them all equally good.
    [[nodiscard]] double operator()(double score) const { return width_ > 0 ? (score - low_) / width_ : 1.0; }

private:
    double low_ = 0;
    double width_ = 0;
};

}  // namespace

std::vector<Fused> fuse(std::span<const Ranked> words, std::span<const Ranked> dense, double weight) {
    if (words.empty()) weight = 1;
    if (dense.empty()) weight = 0;
    std::vector<Fused> all;
    std::unordered_map<PointId, std::size_t, UuidHash> places;
    const Normaliser of_words(words);
    for (std::size_t i = 0; i < words.size(); ++i) {
        places.emplace(words[i].id, all.size());
        all.push_back({words[i].id, (1 - weight) * of_words(words[i].score), i, std::nullopt});
    }
    const Normaliser of_dense(dense);
    for (std::size_t i = 0; i < dense.size(); ++i) {
        const auto [place, is_new] = places.emplace(dense[i].id, all.size());
        if (is_new) all.push_back({dense[i].id, 0, std::nullopt, std::nullopt});
        Fused& fused = all[place->second];
        fused.score += weight * of_dense(dense[i].score);
        fused.dense = i;
    }
    std::sort(all.begin(), all.end(),
              [](const Fused& a, const Fused& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; });
    return all;
}

}  // namespace archaeologist
