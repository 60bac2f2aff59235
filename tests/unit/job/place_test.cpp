#include "job/place.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t noon = 1'800'000'000'000;
constexpr std::int64_t hour = 3'600'000;

std::int64_t score_of(Priority priority) { return place({noon, noon}, 0, priority).score; }

}  // namespace

TEST_CASE("priority is a head start in time") {
    CHECK(score_of(Priority::normal) == noon);
    CHECK(score_of(Priority::high) == noon - hour);
    CHECK(score_of(Priority::urgent) == noon - 24 * hour);
    CHECK(score_of(Priority::low) == noon + hour);
}

TEST_CASE("each job of a project moves the project's next one back by its share") {
    std::int64_t fair_ms = 0;
    for (std::int64_t i = 0; i < 1'000; ++i) {
        const Place found = place({noon, noon}, fair_ms, Priority::normal);
        CHECK(found.score == noon + i * 20);
        fair_ms = found.fair_ms;
    }
    CHECK(place({noon + hour, noon + hour}, fair_ms, Priority::normal).score == noon + hour);
}

TEST_CASE("a job scheduled ahead has its time as score and leaves its project's fair time at today") {
    const Place found = place({noon, noon + 100 * hour}, 0, Priority::normal);
    CHECK(found.score == noon + 100 * hour);
    CHECK(found.fair_ms == noon + 20);
}

TEST_CASE("a schedule in the past counts as now") {
    NewJob job;
    CHECK(arrival_of(job, from_ms(noon)).ready_ms == noon);
    job.scheduled_at = from_ms(noon - hour);
    CHECK(arrival_of(job, from_ms(noon)).ready_ms == noon);
    job.scheduled_at = from_ms(noon + hour);
    CHECK(arrival_of(job, from_ms(noon)).ready_ms == noon + hour);
    CHECK(arrival_of(job, from_ms(noon)).created_ms == noon);
}

TEST_CASE("with strict bands no age lifts a job over a higher priority") {
    const std::int64_t year = hour * 24 * 366;
    const HeadStarts strict = HeadStarts::strict();
    const auto score = [&](std::int64_t arrived, Priority priority) {
        return place({arrived, arrived}, 0, priority, strict).score;
    };
    CHECK(score(noon + 900 * year, Priority::urgent) < score(noon, Priority::high));
    CHECK(score(noon + 900 * year, Priority::high) < score(noon, Priority::normal));
    CHECK(score(noon + 900 * year, Priority::normal) < score(noon, Priority::low));
}

TEST_CASE("without a share a project's jobs stand where they came") {
    const Place found = place({noon, noon}, 0, Priority::normal, {}, std::chrono::milliseconds{0});
    CHECK(found.fair_ms == noon);
}
