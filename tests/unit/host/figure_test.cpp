#include "host/figure.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace archaeologist::host;

TEST_CASE("a count has a comma between its thousands") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(1'234'567) == "1,234,567");
    CHECK(grouped(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
}

TEST_CASE("a signed count is shown like any other, and none below zero") {
    CHECK(count_text(1'234'567) == "1,234,567");
    CHECK(count_text(-1) == "0");
}

TEST_CASE("a size has three digits and the unit that makes them fit") {
    CHECK(size_text(0) == "0 B");
    CHECK(size_text(999) == "999 B");
    CHECK(size_text(1'000) == "1.00 kB");
    CHECK(size_text(12'345) == "12.3 kB");
    CHECK(size_text(999'499) == "999 kB");
    CHECK(size_text(999'500) == "1.00 MB");
    CHECK(size_text(4'294'967'296) == "4.29 GB");
    CHECK(size_text(std::numeric_limits<std::uint64_t>::max()) == "18.4 EB");
}

TEST_CASE("a rate that is no number is a dash") {
    CHECK(rate_text(85'200'000) == "85.2 MB/s");
    CHECK(rate_text(0) == "–");
    CHECK(rate_text(-1) == "–");
    CHECK(rate_text(std::numeric_limits<double>::infinity()) == "–");
    CHECK(rate_text(std::numeric_limits<double>::quiet_NaN()) == "–");
}

TEST_CASE("a duration is seconds while short, then minutes and hours") {
    CHECK(duration_text(0) == "0.00 s");
    CHECK(duration_text(9.99) == "9.99 s");
    CHECK(duration_text(9.999) == "10 s");
    CHECK(duration_text(59.4) == "59 s");
    CHECK(duration_text(59.6) == "1:00");
    CHECK(duration_text(125) == "2:05");
    CHECK(duration_text(3'725) == "1:02:05");
    CHECK(duration_text(-1) == "–");
    CHECK(duration_text(1e300).size() < 30);
}

TEST_CASE("a countdown ends at zero and never shows less than is left") {
    CHECK(countdown_text(0) == "0:00");
    CHECK(countdown_text(3.2) == "0:04");
    CHECK(countdown_text(125) == "2:05");
    CHECK(countdown_text(3'725) == "1:02:05");
    CHECK(countdown_text(-1) == "–");
}
