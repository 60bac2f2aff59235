#include "base/crew.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "base/reservoir.hpp"

using namespace archaeologist;

TEST_CASE("a crew does every piece once") {
    std::array<std::atomic<int>, 1'000> done{};
    Crew crew({.threads = 4, .stop = nullptr, .observe = {}});
    CHECK(crew.for_each(done.size(), [&](std::size_t i) -> Status {
        ++done.at(i);
        return {};
    }));
    CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
    CHECK(crew.for_each(0, [](std::size_t) -> Status { return Error{Code::internal, "never called"}; }));
}

TEST_CASE("a crew's first error ends the rest") {
    std::atomic<int> done = 0;
    Crew crew({.threads = 3, .stop = nullptr, .observe = {}});
    const Status ended = crew.for_each(100'000, [&](std::size_t i) -> Status {
        if (i == 5) return Error{Code::corrupt, "the fifth"};
        ++done;
        return {};
    });
    REQUIRE_FALSE(ended);
    CHECK(ended.error().message == "the fifth");
    CHECK(done < 100'000);
}

TEST_CASE("a crew stops when it is told") {
    std::atomic<bool> stop = false;
    Crew crew({.threads = 2, .stop = &stop, .observe = {}});
    CHECK(crew.go_on());
    const Status ended = crew.for_each(100'000, [&](std::size_t) -> Status {
        stop = true;
        return {};
    });
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == Code::cancelled);
    CHECK_FALSE(crew.go_on());
}

TEST_CASE("a crew's observer is called while a piece takes long") {
    std::atomic<bool> observed = false;
    Crew crew({.threads = 1, .stop = nullptr, .observe = [&] { observed = true; }});
    CHECK(crew.for_each(1, [&](std::size_t) -> Status {
        while (!observed) std::this_thread::yield();
        return {};
    }));
}

TEST_CASE("a reservoir keeps each thing with the same probability") {
    std::array<int, 20> kept{};
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        Reservoir<std::size_t> reservoir(5, seed);
        for (std::size_t i = 0; i < kept.size(); ++i) reservoir.offer(i);
        REQUIRE(reservoir.kept().size() == 5);
        for (const std::size_t i : reservoir.kept()) ++kept.at(i);
    }
    for (const int times : kept) {
        CHECK(times > 4'700);  // of 5,000 expected; five standard deviations are 306
        CHECK(times < 5'300);
    }
    Reservoir<int> few(5, 1);
    few.offer(7);
    CHECK(few.kept() == std::vector<int>{7});
}
