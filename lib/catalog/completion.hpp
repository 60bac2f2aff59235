// How a job's end becomes visible in the catalog.
#pragma once

#include <string>
#include <string_view>

#include "archaeologist/job.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::catalog {

struct EndedJob {
    JobId id;
    std::string_view job_type;
    ProjectId project_id{};
    std::optional<SourceId> source_id;
};

// What a completed job's result changes beside the job itself; called in the transaction that completes it, by whatever
// queue. For a file: the source's active generation flips to the result's, unless a newer version was quicker. Returns the
// result to be stored: the given one, or one that says "superseded".
// Errors: invalid_argument (a result that no file handler writes).
[[nodiscard]] Result<std::string> record_completion(sqlite::Connection& tx, const EndedJob& job,
                                                    std::string result_data, TimePoint now);

// The same for a job that failed or was cancelled, for good. Search goes on seeing what it saw.
[[nodiscard]] Status record_failure(sqlite::Connection& tx, const EndedJob& job, std::string_view message,
                                    TimePoint now);

}  // namespace archaeologist::catalog
