// The best of many scores. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace archaeologist {

// Keeps the `wanted` best entries and all that are as good as the last of them. Time grows with the number of entries,
// whatever their order.
template <class Key>
class Top {
public:
    struct Entry {
        double score;
        Key key;
    };

    explicit Top(std::size_t wanted) : wanted_(wanted), room_(2 * wanted + 1'024) {}

    // Entries below are not kept. Rises.
    [[nodiscard]] double threshold() const { return threshold_; }

    void add(double score, Key key) {
        if (score < threshold_) return;
        entries_.push_back({score, key});
        if (entries_.size() >= room_) shrink();
    }

    // Best first; the order among equals is open.
    [[nodiscard]] std::vector<Entry> take() {
        shrink();
        std::sort(entries_.begin(), entries_.end(), better);
        return std::move(entries_);
    }

private:
    static bool better(const Entry& a, const Entry& b) { return a.score > b.score; }

    void shrink() {
        if (entries_.size() <= wanted_) return;
        const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(wanted_) - 1;
        std::nth_element(entries_.begin(), last, entries_.end(), better);
        threshold_ = last->score;
        const double threshold = threshold_;
        entries_.erase(
            std::remove_if(last, entries_.end(), [threshold](const Entry& entry) { return entry.score < threshold; }),
            entries_.end());
        room_ = std::max(room_, 2 * entries_.size());
    }

    std::size_t wanted_;  // at least 1
    std::size_t room_;
    double threshold_ = -std::numeric_limits<double>::infinity();
    std::vector<Entry> entries_;
};

}  // namespace archaeologist
