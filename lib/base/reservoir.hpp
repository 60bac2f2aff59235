// A sample of fixed size from a stream whose length nobody knows (Vitter, "Random Sampling with a Reservoir", 1985,
// algorithm R): each thing as likely to be kept as the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "archaeologist/clock.hpp"

namespace archaeologist {

template <class T>
class Reservoir {
public:
    Reservoir(std::uint64_t size, std::uint64_t seed) : size_(size), rng_(seed) {}

    void offer(T thing) {
        ++offered_;
        if (kept_.size() < size_) {
            kept_.push_back(std::move(thing));
            return;
        }
        const auto place = std::uniform_int_distribution<std::uint64_t>(0, offered_ - 1)(rng_);
        if (place < kept_.size()) kept_[static_cast<std::size_t>(place)] = std::move(thing);
    }

    [[nodiscard]] const std::vector<T>& kept() const { return kept_; }

private:
    const std::uint64_t size_;
    Rng rng_;
    std::uint64_t offered_ = 0;
    std::vector<T> kept_;
};

}  // namespace archaeologist
