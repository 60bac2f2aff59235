#include "cli/list_text.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "host/printable.hpp"

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

constexpr TimePoint now = from_ms(1'800'000'000'000);

Job failed_job() {
    Job job;
    job.id = JobId(*Uuid::parse("01890000-0000-7000-8000-000000000001"));
    job.job_type = file_processing;
    job.status = JobStatus::failed;
    job.source_id = SourceId{12'345};
    job.started_at = now - std::chrono::seconds{65};
    job.completed_at = now;
    job.error_message = "a.txt: text of 3 GB,\nmust be at most 2 GB";
    return job;
}

}  // namespace

TEST_CASE("a job's row fits 80 columns, with its error below") {
    JobPage page;
    page.jobs = {failed_job()};
    std::istringstream lines(table_of(page, now));
    std::string line;
    std::getline(lines, line);
    CHECK(line.starts_with("ID"));
    std::getline(lines, line);
    CHECK(line == "01890000-0000-7000-8000-000000000001  failed  file_processing   12345  1:05");
    std::getline(lines, line);
    CHECK(line == "    a.txt: text of 3 GB,\\nmust be at most 2 GB");
}

TEST_CASE("a page says where it stands and how to go on") {
    JobPage page;
    page.jobs.resize(50);
    page.page = 2;
    page.total = 9'812;
    page.has_more = true;
    CHECK(position_of(page) == "51 to 100 of 9,812 jobs, --page 3 shows more\n");
    page.has_more = false;
    CHECK(position_of(page) == "51 to 100 of 9,812 jobs\n");
    CHECK(position_of(SourcePage{}) == "none of 0 files\n");
}

TEST_CASE("a source's row ends in its name, and a reason stands below") {
    Source source;
    source.id = SourceId{7};
    source.filename = "doc/\033[31mred.png";
    source.file_size = 12'345;
    source.status = SourceStatus::unsupported;
    source.reason = "unsupported type image/png";
    SourcePage page;
    page.sources = {source};
    const auto text = table_of(page);
    CHECK(text.find("7  unsupported        1       0  12.3 kB        doc/\\x1b[31mred.png\n") != std::string::npos);
    CHECK(text.ends_with("\n    unsupported type image/png\n"));
}

TEST_CASE("a job in full leaves out what it does not have") {
    auto job = failed_job();
    job.attempts.push_back({.epoch = 3,
                            .worker_id = "host-1-a",
                            .started_at = now,
                            .ended_at = {},
                            .outcome = "failed",
                            .error_message = {}});
    const auto text = description_of(job, now);
    CHECK(text.find("took          1:05\n") != std::string::npos);
    CHECK(text.find("error         a.txt: text of 3 GB,\\nmust") != std::string::npos);
    CHECK(text.find("not before") == std::string::npos);
    CHECK(text.find("attempt       3  2027-01-15T08:00:00.000Z  failed  host-1-a\n") != std::string::npos);
}

TEST_CASE("a source is described by what it has") {
    Source source;
    source.id = SourceId{7};
    source.filename = "a\033.txt";
    source.original_filename = source.filename;
    source.project_id = ProjectId{2};
    source.version = 3;
    source.active_version = 2;
    source.status = SourceStatus::failed;
    source.reason = "too long";
    source.chunks = 1'234;
    const auto text = description_of(source);
    CHECK(text.starts_with("id            7\nname          a\\x1b.txt\nproject       2\nstatus        failed\n"));
    CHECK(text.find("reason        too long\nversion       3\nsearchable    version 2\nchunks        1,234\n") !=
          std::string::npos);
    CHECK(text.find("language") == std::string::npos);
    CHECK(text.find("original name") == std::string::npos);
    CHECK(text.find("metadata") == std::string::npos);
}
