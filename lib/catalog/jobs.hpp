// Jobs as rows.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archaeologist/job.hpp"
#include "job/state_machine.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::catalog {

// Accepts valid jobs as queued, with their places in the order; one with an id that is there already stays as it is. Nil
// ids are filled in. Returns the ids in order.
[[nodiscard]] Result<std::vector<JobId>> insert_jobs(sqlite::Connection& tx, std::span<const NewJob> jobs,
                                                     TimePoint now);
[[nodiscard]] Result<JobId> insert_job(sqlite::Connection& tx, const NewJob& job, TimePoint now);

// A new job like a finished one: of a file, the source's next version with the same content. Errors: not_found (source).
[[nodiscard]] Result<JobId> retry_job(sqlite::Connection& tx, const Job& finished, TimePoint now);

// The job with its attempts. Errors: not_found.
[[nodiscard]] Result<Job> job(sqlite::Connection& tx, JobId id);

struct JobSelection {
    std::optional<JobStatus> status;
    std::optional<std::string> job_type;
    std::optional<ProjectId> project_id;
};
// Newest first, without attempts.
[[nodiscard]] Result<std::vector<Job>> list_jobs(sqlite::Connection& tx, const JobSelection& selection,
                                                 std::int64_t limit, std::int64_t offset);
[[nodiscard]] Result<std::int64_t> count_jobs(sqlite::Connection& tx, const JobSelection& selection);

// How many jobs are in which state, of one project or of all; states without jobs are missing. O(projects).
[[nodiscard]] Result<std::map<State, std::int64_t>> job_counts(sqlite::Connection& tx,
                                                               std::optional<ProjectId> project);

// Of one user's jobs or of all. O(projects).
struct StateTotals {
    std::map<State, std::int64_t> jobs;
    std::int64_t run_ms = 0;  // of the completed ones, from their last start to their end
};
[[nodiscard]] Result<StateTotals> state_totals(sqlite::Connection& tx, std::optional<UserId> user);

// A worker that claims, in whatever process.
struct WorkerRow {
    std::string worker_id;
    TimePoint joined_at{};
    std::int64_t leases = 0;
};
[[nodiscard]] Result<std::vector<WorkerRow>> workers(sqlite::Connection& tx);

}  // namespace archaeologist::catalog
