#include "vector/row_list.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <random>
#include <set>
#include <vector>

using namespace archaeologist;

namespace {

using Rows = std::vector<std::int64_t>;

Rows random_rows(std::mt19937_64& rng) {
    std::set<std::int64_t> rows;
    const std::int64_t range = rng() % 2 == 0 ? 200 : 1'000'000'000'000;
    for (std::size_t count = rng() % 100; count > 0; --count) {
        rows.insert(1 + static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(range)));
    }
    return {rows.begin(), rows.end()};
}

}  // namespace

TEST_CASE("rows come out as they were put in, and lists of them are sets") {
    std::mt19937_64 rng(11);
    for (int turn = 0; turn < 500; ++turn) {
        const Rows a = random_rows(rng);
        const Rows b = random_rows(rng);
        const RowList one(a);
        const RowList other(b);
        CHECK(one.rows() == a);
        CHECK(one.size() == a.size());
        CHECK((one == other) == (a == b));
        Rows expected;
        std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(expected));
        CHECK(united(one, other).rows() == expected);
        expected.clear();
        std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(expected));
        CHECK(without(one, other).rows() == expected);
    }
}

TEST_CASE("a list of higher rows is put behind another one") {
    std::mt19937_64 rng(12);
    for (int turn = 0; turn < 200; ++turn) {
        const Rows all = random_rows(rng);
        const std::size_t cut = all.empty() ? 0 : rng() % all.size();
        const std::span<const std::int64_t> rows(all);
        RowList list(rows.first(cut));
        list.append(RowList(rows.subspan(cut)));
        CHECK(list == RowList(all));
        CHECK(list.last() == (all.empty() ? 0 : all.back()));
    }
}

TEST_CASE("a cursor goes on where it stopped") {
    const std::int64_t last = std::numeric_limits<std::int64_t>::max() - 1;
    const RowList list{1, 2, 130, 70'000, last};
    RowList::Cursor cursor(list);
    const auto below = [&](std::int64_t limit) {
        Rows rows;
        cursor.visit_below(limit, [&](std::int64_t row) { rows.push_back(row); });
        return rows;
    };
    CHECK(below(1).empty());
    CHECK(below(130) == Rows{1, 2});
    CHECK(below(131) == Rows{130});
    CHECK(below(131).empty());
    CHECK(below(last + 1) == Rows{70'000, last});
    CHECK(below(last + 1).empty());
}
