#include "embed/http/pace.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace std::chrono_literals;
using embed::Pace;

TEST_CASE("pauses grow from failure to failure up to a bound, and differ") {
    Rng rng(1);
    for (int failures = 1; failures < 100; ++failures) {
        const auto whole = std::min(30'000ms, 1'000ms * (1 << std::min(failures - 1, 10)));
        const auto pause = embed::pause_after(failures, rng);
        CHECK(pause >= whole / 2);
        CHECK(pause <= whole);
    }
    CHECK(embed::pause_after(8, rng) != embed::pause_after(8, rng));
}

TEST_CASE("an outage is everybody's error until a success ends it") {
    Pace pace;
    CHECK(pace.enter(0ms));
    CHECK_FALSE(pace.outage());
    pace.note_outage({Code::unavailable, "gone"});
    CHECK(pace.enter(0ms).error().message == "gone");
    CHECK(pace.outage()->message == "gone");
    pace.note_success();
    CHECK(pace.enter(0ms));
    CHECK_FALSE(pace.outage());
}

TEST_CASE("who has less patience than the server wants is sent away, and a stop ends all waiting") {
    Pace pace;
    pace.note_busy(1h);
    CHECK(pace.enter(10s).error().code == Code::rate_limited);
    pace.stop();
    CHECK(pace.enter(2h).error().code == Code::cancelled);
}
