// Numbers of rows in ascending order, packed: a million neighbours are a megabyte. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <vector>

namespace archaeologist {

// What lies between two rows takes a byte for seven bits, the lowest first; the highest bit says that more follow (LEB128,
// as in protocol buffers).
class RowList {
public:
    // Walks through a list from its begin. The list outlives it and does not change.
    class Cursor {
    public:
        explicit Cursor(const RowList& list) : next_(list.bytes_.data()), end_(next_ + list.bytes_.size()) {
            advance();
        }

        // Calls visit(row) for those below `limit` that were not visited yet.
        template <class Visit>
        void visit_below(std::int64_t limit, Visit visit) {
            for (; is_at_row_ && row_ < limit; advance()) visit(row_);
        }

    private:
        void advance() {
            is_at_row_ = next_ != end_;
            if (!is_at_row_) return;
            std::uint64_t distance = *next_ & 0x7FU;
            for (int bits = 7; (*next_++ & 0x80U) != 0; bits += 7) distance |= std::uint64_t{*next_ & 0x7FU} << bits;
            row_ += static_cast<std::int64_t>(distance);
        }

        const std::uint8_t* next_;
        const std::uint8_t* end_;
        std::int64_t row_ = 0;
        bool is_at_row_ = false;
    };

    RowList() = default;
    RowList(std::initializer_list<std::int64_t> rows) : RowList(std::span(rows.begin(), rows.size())) {}
    explicit RowList(std::span<const std::int64_t> rows) {
        for (const std::int64_t row : rows) append(row);
    }

    // Higher than all before, and above 0.
    void append(std::int64_t row) {
        auto distance = static_cast<std::uint64_t>(row - last_);
        for (; distance >= 0x80; distance >>= 7) bytes_.push_back(static_cast<std::uint8_t>(distance | 0x80U));
        bytes_.push_back(static_cast<std::uint8_t>(distance));
        if (size_ == 0) first_ = row;
        last_ = row;
        ++size_;
    }
    // Higher ones, too.
    void append(const RowList& rows);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    // 0 in an empty list.
    [[nodiscard]] std::int64_t first() const { return first_; }
    [[nodiscard]] std::int64_t last() const { return last_; }
    // That it takes in memory.
    [[nodiscard]] std::size_t bytes() const { return bytes_.capacity(); }
    void shrink_to_fit() { bytes_.shrink_to_fit(); }

    template <class Visit>
    void for_each(Visit visit) const {
        Cursor(*this).visit_below(std::numeric_limits<std::int64_t>::max(), visit);
    }
    [[nodiscard]] std::vector<std::int64_t> rows() const;

    friend bool operator==(const RowList& a, const RowList& b) { return a.size_ == b.size_ && a.bytes_ == b.bytes_; }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t size_ = 0;
    std::int64_t first_ = 0;
    std::int64_t last_ = 0;
};

// What is in either, once.
[[nodiscard]] RowList united(const RowList& one, const RowList& other);

// Without those that are in the other.
[[nodiscard]] RowList without(const RowList& one, const RowList& other);

}  // namespace archaeologist
