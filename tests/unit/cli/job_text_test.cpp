#include "cli/job_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

const JobId some_id(*Uuid::parse("01890000-0000-7000-8000-000000000001"));

Job job_that_is(JobStatus status) {
    Job job;
    job.id = some_id;
    job.job_type = file_processing;
    job.status = status;
    job.job_data = "{}";
    return job;
}

}  // namespace

TEST_CASE("a wait ends with what became of the jobs, and with no word on what did not occur") {
    WaitReport report;
    CHECK(summary_of(report) == "no unfinished jobs");
    report.completed = 9'812;
    CHECK(summary_of(report) == "9,812 completed");
    report.failed = 1;
    report.cancelled = 2;
    report.unfinished = 3;
    CHECK(summary_of(report) == "9,812 completed · 1 failed · 2 cancelled · 3 unfinished");
}

TEST_CASE("jobs that did not complete are listed, escaped, ten of them, and the rest is counted") {
    WaitReport report;
    report.completed = 1;
    report.jobs = {job_that_is(JobStatus::completed)};
    CHECK(problems_of(report).empty());
    auto failed = job_that_is(JobStatus::failed);
    failed.error_message = "a.txt:\n\033[31mno text";
    report.jobs.push_back(failed);
    report.failed = 1;
    CHECK(problems_of(report) == "job " + some_id.text() + " is failed: a.txt:\\n\\x1b[31mno text\n");
    report.jobs.resize(1'001, job_that_is(JobStatus::cancelled));
    report.cancelled = 2'500;
    const auto text = problems_of(report);
    CHECK(std::count(text.begin(), text.end(), '\n') == 11);
    CHECK(text.ends_with("and 2,491 more\n"));
}

TEST_CASE("a wait's JSON has the counts and whole jobs") {
    WaitReport report;
    CHECK(to_json(report, {}) == R"({"completed":0,"failed":0,"cancelled":0,"unfinished":0,"jobs":[]})");
    report.unfinished = 2;
    report.jobs.resize(2, job_that_is(JobStatus::queued));
    const auto job = to_json(report.jobs[0], {});
    CHECK(to_json(report, {}) ==
          R"({"completed":0,"failed":0,"cancelled":0,"unfinished":2,"jobs":[)" + job + ',' + job + "]}");
}

TEST_CASE("a change of named jobs tells as JSON which were made and which were refused") {
    ChangeReport report;
    CHECK(to_json(report, {}) == R"({"changed":0,"refused":0,"jobs":[],"problems":[]})");
    report.changed = 1;
    report.made = {job_that_is(JobStatus::queued)};
    report.problems = {{some_id, {Code::conflict, R"(job "x": \ no)"}}, {some_id, {Code::not_found, "gone"}}};
    const auto id = some_id.text();
    CHECK(to_json(report, {}) == R"({"changed":1,"refused":2,"jobs":[)" + to_json(report.made[0], {}) +
                                     R"(],"problems":[{"id":")" + id +
                                     R"(","error":"job \"x\": \\ no","code":"conflict"},{"id":")" + id +
                                     R"(","error":"gone","code":"not_found"}]})");
    CHECK(to_json(BulkReply{3, 4}) == R"({"changed":3,"refused":4})");
}

TEST_CASE("a change is told in the words of its command") {
    CHECK(summary_of(BulkAction::cancel, 1'200, 0) == "1,200 cancelled");
    CHECK(summary_of(BulkAction::retry, 0, 3) == "0 retried · 3 refused");
    CHECK(summary_of(BulkAction::remove, 2, 1) == "2 deleted · 1 refused");
}

TEST_CASE("the queue's state names the priorities that wait, highest first, and the longest wait") {
    QueueStats stats;
    CHECK(description_of(stats).starts_with("queued        0\noldest wait   –\n"));
    stats.queued = 1'012;
    stats.by_priority = {2, 1'000, 0, 10};
    stats.oldest_queued_seconds = 125;
    stats.completed = 9'812;
    stats.workers = 2;
    stats.paused = true;
    CHECK(description_of(stats) ==
          "queued        1,012 (10 urgent, 1,000 normal, 2 low)\n"
          "oldest wait   2:05\n"
          "scheduled     0\n"
          "pending       0\n"
          "running       0\n"
          "completed     9,812\n"
          "failed        0\n"
          "cancelled     0\n"
          "workers       2\n"
          "paused        yes\n");
}
