// What a job's coming and its leaving of a state change in the catalog's tables, within one transaction.
#pragma once

#include <optional>
#include <span>
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
    Priority priority = Priority::normal;
    ProjectId project_id{};
    std::optional<SourceId> source_id;
    std::optional<JobId> parent_id;
    TimePoint started_at{};
    TimePoint lease_until{};
    TimePoint deadline{};
    std::chrono::milliseconds timeout{0};
    std::int64_t claims = 0;
    std::int64_t queue_version = 0;
};

[[nodiscard]] Result<std::optional<Row>> find_row(sqlite::Connection& tx, JobId id);

// Applies what was decided of a running job. `outcome` is the settlement's, or null.
[[nodiscard]] Status apply(sqlite::Connection& tx, const Row& row, const Decision& decision, const Outcome* outcome,
                           TimePoint now);

// The same for a lease that ended without a settlement.
[[nodiscard]] Status expire(sqlite::Connection& tx, const Row& row, Expiry expiry, TimePoint now,
                            const QueueOptions& options, Rng& rng);

// Cancels an unfinished job and the unfinished ones below it.
[[nodiscard]] Status cancel(sqlite::Connection& tx, const Row& row, TimePoint now);

// Accepts valid jobs; one with an id that is there already stays as it is. Returns the ids in order.
// Errors: invalid_argument (a batch that is not there or finished).
[[nodiscard]] Result<std::vector<JobId>> insert(sqlite::Connection& tx, std::span<const NewJob> jobs, TimePoint now);

}  // namespace archaeologist::sqlite_queue
