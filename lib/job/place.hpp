// A job's place in the order: priority and fairness in one number. Computed once, when the job is accepted, and kept
// through retries. Lower runs first; equal scores break by id. Pure.
//
//   score = max(ready, fair[project]) − head_start[priority];   then fair[project] = max(created, fair[project]) + share
//
// Priority is a head start in time: urgent work jumps the queue and nothing starves. A project that drops a million
// files at once spreads them over its own future and does not hold up another's single file. `fair` moves on from the
// time of creation, not from the scheduled one: a job for next week must not put off its project's work of today.
#pragma once

#include <chrono>
#include <cstdint>

#include "archaeologist/job.hpp"

namespace archaeologist {

struct Arrival {
    std::int64_t created_ms = 0;
    std::int64_t ready_ms = 0;  // created_ms, or the scheduled time where that is later
};
[[nodiscard]] Arrival arrival_of(const NewJob& job, TimePoint now);

struct Place {
    std::int64_t score = 0;
    std::int64_t fair_ms = 0;  // the project's from now on
};

// `fair_ms` is the project's so far, 0 when it never had a job.
[[nodiscard]] Place place(const Arrival& arrival, std::int64_t fair_ms, Priority priority,
                          const HeadStarts& head_starts = {},
                          std::chrono::milliseconds share = std::chrono::milliseconds{20});

}  // namespace archaeologist
