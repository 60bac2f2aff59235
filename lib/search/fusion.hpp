// Joins the rankings of several legs into one. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "archaeologist/id.hpp"

namespace archaeologist {

struct Ranked {
    PointId id;
    double score = 0;
};

struct Fused {
    PointId id;
    double score = 0;
    std::optional<std::size_t> words;  // place in the words leg
    std::optional<std::size_t> dense;  // place in the dense leg
};

// Scores of each leg min-max normalised to [0, 1], joined as (1 − weight)·words + weight·dense; what a leg lacks counts 0
// there. Best first, equal scores by id. With one leg empty the other's order stands.
[[nodiscard]] std::vector<Fused> fuse(std::span<const Ranked> words, std::span<const Ranked> dense, double weight);

}  // namespace archaeologist
