// Jobs as rows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/job.hpp"
#include "job/state_machine.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::catalog {

// Accepts a valid job as queued, with its place in the order; one with the same id that is there already stays as it is.
[[nodiscard]] Status insert_job(sqlite::Connection& tx, const NewJob& job, TimePoint now);

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

}  // namespace archaeologist::catalog
