#include "vector/row_list.hpp"

#include <algorithm>
#include <iterator>

namespace archaeologist {

void RowList::append(const RowList& rows) {
    if (rows.empty()) return;
    append(rows.first_);
    const auto second = std::find_if(rows.bytes_.begin(), rows.bytes_.end(), [](auto byte) { return byte < 0x80; }) + 1;
    bytes_.insert(bytes_.end(), second, rows.bytes_.end());
    size_ += rows.size_ - 1;
    last_ = rows.last_;
}

std::vector<std::int64_t> RowList::rows() const {
    std::vector<std::int64_t> all;
    all.reserve(size_);
    for_each([&](std::int64_t row) { all.push_back(row); });
    return all;
}

RowList united(const RowList& one, const RowList& other) {
    if (one.empty() || other.empty()) return one.empty() ? other : one;
    const auto rows = one.rows();
    const auto more = other.rows();
    std::vector<std::int64_t> both;
    both.reserve(rows.size() + more.size());
    std::set_union(rows.begin(), rows.end(), more.begin(), more.end(), std::back_inserter(both));
    return RowList(both);
}

RowList without(const RowList& one, const RowList& other) {
    const auto rows = one.rows();
    const auto gone = other.rows();
    std::vector<std::int64_t> left;
    std::set_difference(rows.begin(), rows.end(), gone.begin(), gone.end(), std::back_inserter(left));
    return RowList(left);
}

}  // namespace archaeologist
