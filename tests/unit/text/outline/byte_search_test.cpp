#include "text/outline/byte_search.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace archaeologist;

TEST_CASE("newlines are found from any place, also from before the last one asked for") {
    // A long line is parted a little before where was looked for its end.
    std::string text(1'200, 'x');
    text[1'086] = '\n';
    NewlineFinder finder(text);
    CHECK(finder.find(0, 1'025) == 1'025);
    CHECK(finder.find(1'022, 1'100) == 1'086);

    std::mt19937 rng(7);
    for (int round = 0; round < 300; ++round) {
        std::string random(rng() % 400, 'x');
        for (char& c : random) c = rng() % 50 == 0 ? '\n' : 'x';
        NewlineFinder newlines(random);
        for (int i = 0; i < 40; ++i) {
            const std::size_t at = rng() % (random.size() + 1);
            const std::size_t end = at + rng() % (random.size() + 1 - at);
            CHECK(newlines.find(at, end) == std::min(random.find('\n', at), end));
        }
    }
}
