// Reads what a server sends: the JSON that the library's to_json writes, back into its types. Members that are not known
// are passed over, so that an older program reads a newer server. Errors of all: incompatible, naming what is missing or
// malformed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

[[nodiscard]] Result<Project> parse_project(std::string_view json);
[[nodiscard]] Result<std::vector<Project>> parse_projects(std::string_view json);
[[nodiscard]] Result<Source> parse_source(std::string_view json);
[[nodiscard]] Result<SourcePage> parse_source_page(std::string_view json);
// Data and results are written anew: the same values without white space between them.
[[nodiscard]] Result<Job> parse_job(std::string_view json);
[[nodiscard]] Result<JobPage> parse_job_page(std::string_view json);
[[nodiscard]] Result<QueueStats> parse_queue_stats(std::string_view json);
[[nodiscard]] Result<BulkReply> parse_bulk_reply(std::string_view json);
[[nodiscard]] Result<SearchReply> parse_search_reply(std::string_view json);
// {"checks":[…]}
[[nodiscard]] Result<std::vector<Check>> parse_checks(std::string_view json);

// What became of uploaded files. A source without a job is unchanged.
struct RemoteUpload {
    std::vector<Source> sources;
    std::vector<Job> jobs;
};
[[nodiscard]] Result<RemoteUpload> parse_upload(std::string_view json);

// The new job of {"source":…, "job":…}.
[[nodiscard]] Result<Job> parse_reprocessed(std::string_view json);

// How many chunks the result_data of a file's job tells of.
[[nodiscard]] Result<std::uint64_t> parse_chunk_count(std::string_view result_data);

// An error as a server tells it (RFC 9457, with the name of its Code); nothing when the text is none.
[[nodiscard]] std::optional<Error> parse_problem(std::string_view json);

[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text);

}  // namespace archaeologist::cli
