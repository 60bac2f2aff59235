// What a job's leaving of a state changes in the catalog's tables, within one transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/queue.hpp"
#include "queue/settle.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::sqlite_queue {

// A job's row, as far as a transition needs it.
struct Row {
    JobId id;
    State state = State::pending;
    std::uint64_t epoch = 0;
    std::string worker_id;
    Running running;
    std::string job_type;
    ProjectId project_id{};
    std::optional<SourceId> source_id;
    std::optional<JobId> parent_id;
    TimePoint started_at{};
    TimePoint lease_until{};
    TimePoint deadline{};
    std::chrono::milliseconds timeout{0};
    std::int64_t claims = 0;
};

[[nodiscard]] Result<std::optional<Row>> find_row(sqlite::Connection& tx, JobId id);

// Applies what was decided of a running job. `outcome` is the settlement's; null when the lease expired.
[[nodiscard]] Status apply(sqlite::Connection& tx, const Row& row, const Decision& decision, const Outcome* outcome,
                           TimePoint now);

// Cancels an unfinished job and the unfinished ones below it.
[[nodiscard]] Status cancel(sqlite::Connection& tx, const Row& row, TimePoint now);

// That the batches of new jobs are there and unfinished. Errors: invalid_argument.
[[nodiscard]] Status check_parents(sqlite::Connection& tx, std::span<const NewJob> jobs);

}  // namespace archaeologist::sqlite_queue
