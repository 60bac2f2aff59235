#include "archaeologist/job.hpp"

#include <doctest/doctest.h>
#include <simdjson.h>

#include <string>

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

const TimePoint start = from_ms(1'800'000'000'000);

Job running_job() {
    Job job;
    job.id = JobId(*Uuid::parse("0190b3a0-0000-7000-8000-000000000001"));
    job.job_type = "file_processing";
    job.status = JobStatus::running;
    job.project_id = ProjectId{4};
    job.job_data = R"({"name":"a \"b\".txt"})";
    job.created_at = start;
    job.queued_at = start;
    job.started_at = start + 1s;
    job.progress_current = 1;
    job.progress_total = 4;
    job.worker_id = "w1";
    job.epoch = 9;
    return job;
}

}  // namespace

TEST_CASE("names of statuses and priorities parse back and nothing else is taken") {
    for (int i = 0; i <= static_cast<int>(JobStatus::cancelled); ++i) {
        CHECK(parse_job_status(to_string(static_cast<JobStatus>(i))) == static_cast<JobStatus>(i));
    }
    for (int i = 0; i <= static_cast<int>(Priority::urgent); ++i) {
        CHECK(parse_priority(to_string(static_cast<Priority>(i))) == static_cast<Priority>(i));
    }
    CHECK_FALSE(parse_job_status("waiting"));
    CHECK_FALSE(parse_priority("asap"));
}

TEST_CASE("progress is a percentage between 0 and 100, and a completed job has all of it") {
    Job job = running_job();
    CHECK(job.progress_percentage() == 25);
    job.progress_current = 9;
    CHECK(job.progress_percentage() == 100);
    job.progress_current = -1;
    CHECK(job.progress_percentage() == 0);
    job.progress_total = 0;
    CHECK(job.progress_percentage() == 0);
    job.status = JobStatus::completed;
    CHECK(job.progress_percentage() == 100);
}

TEST_CASE("a duration runs from start to end, or to now while running, and is never negative") {
    Job job = running_job();
    CHECK(job.duration_seconds(start + 3s) == 2);
    CHECK(job.duration_seconds(start) == 0);
    job.status = JobStatus::completed;
    job.completed_at = start + 1'500ms;
    CHECK(job.duration_seconds(start + 1min) == 0.5);
    job.status = JobStatus::queued;
    job.completed_at.reset();
    CHECK_FALSE(job.duration_seconds(start + 1min));
    job.started_at.reset();
    CHECK_FALSE(job.duration_seconds(start + 1min));
}

TEST_CASE("a job's JSON has every name users know") {
    simdjson::dom::parser parser;
    const std::string json = to_json(running_job(), start + 3s);
    const auto parsed = parser.parse(json);
    REQUIRE(parsed.error() == simdjson::SUCCESS);
    const simdjson::dom::element root = parsed.value_unsafe();
    for (const char* name : {"id",
                             "job_type",
                             "status",
                             "priority",
                             "project_id",
                             "user_id",
                             "source_id",
                             "investigation_id",
                             "job_data",
                             "result_data",
                             "error_message",
                             "created_at",
                             "queued_at",
                             "started_at",
                             "completed_at",
                             "progress_current",
                             "progress_total",
                             "progress_message",
                             "worker_id",
                             "retry_count",
                             "max_retries",
                             "timeout_seconds",
                             "progress_percentage",
                             "duration_seconds",
                             "is_finished",
                             "scheduled_at",
                             "parent_id",
                             "retry_of",
                             "epoch"}) {
        CAPTURE(name);
        CHECK(root.at_key(name).error() == simdjson::SUCCESS);
    }
    const auto text = [&](const char* pointer) { return std::string(root.at_pointer(pointer).get_string().value()); };
    CHECK(text("/status") == "running");
    CHECK(text("/created_at") == "2027-01-15T08:00:00.000Z");
    CHECK(text("/job_data/name") == "a \"b\".txt");
    CHECK(root["result_data"].is_null());
    CHECK(root["completed_at"].is_null());
    CHECK(double(root["duration_seconds"]) == 2);
    CHECK(bool(root["is_finished"]) == false);
    CHECK(root.at_key("attempts").error() == simdjson::NO_SUCH_FIELD);
}

TEST_CASE("attempts stand in the JSON when there are any") {
    Job job = running_job();
    job.attempts.push_back({.epoch = 3,
                            .worker_id = "w1",
                            .started_at = start,
                            .ended_at = start + 1s,
                            .outcome = "retried",
                            .error_message = "not \xff valid"});
    job.attempts.push_back(
        {.epoch = 9, .worker_id = "w2", .started_at = start, .ended_at = {}, .outcome = "", .error_message = ""});
    simdjson::dom::parser parser;
    const auto parsed = parser.parse(to_json(job, start));
    REQUIRE(parsed.error() == simdjson::SUCCESS);
    const simdjson::dom::element root = parsed.value_unsafe();
    CHECK(std::string_view(root.at_pointer("/attempts/0/outcome")) == "retried");
    CHECK(root.at_pointer("/attempts/1/ended_at").is_null());
}
