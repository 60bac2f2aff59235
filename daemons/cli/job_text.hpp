// What became of jobs that were waited for or changed, and how the queue stands: in words, and as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

struct WaitReport {
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;
    std::int64_t unfinished = 0;
    std::vector<Job> jobs;  // those named by id; of a filter the first 1,000 that did not complete
};

// "9 completed · 1 failed · 2 unfinished", the first always; "no unfinished jobs" when there was none to wait for.
[[nodiscard]] std::string summary_of(const WaitReport& report);
// A line each for the first ten jobs that did not complete; empty when all did.
[[nodiscard]] std::string problems_of(const WaitReport& report);
[[nodiscard]] std::string to_json(const WaitReport& report, TimePoint now);

// One of several jobs that could not be changed. The rest goes on.
struct ChangeProblem {
    JobId id;
    Error error;
};

// What became of jobs that were named by id.
struct ChangeReport {
    std::int64_t changed = 0;
    std::vector<Job> made;  // by retry, in the order of the jobs they repeat
    std::vector<ChangeProblem> problems;
};

[[nodiscard]] std::string to_json(const ChangeReport& report, TimePoint now);

// "12 cancelled", with "· 3 refused" where there is any.
[[nodiscard]] std::string summary_of(BulkAction action, std::int64_t changed, std::int64_t refused);

[[nodiscard]] std::string description_of(const QueueStats& stats);

}  // namespace archaeologist::cli
