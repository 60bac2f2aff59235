#include "cli/remote_json.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

constexpr TimePoint now = from_ms(1'800'000'000'123);

Uuid uuid(std::uint8_t number) {
    Uuid id;
    id.bytes.back() = number;
    return id;
}

Job full_job() {
    Job job;
    job.id = JobId(uuid(1));
    job.job_type = "thumb\x7F\"nail ü";
    job.status = JobStatus::running;
    job.priority = Priority::urgent;
    job.project_id = ProjectId{2};
    job.user_id = UserId{3};
    job.source_id = SourceId{4};
    job.parent_id = JobId(uuid(5));
    job.retry_of = JobId(uuid(6));
    job.job_data = R"({"b":[1,-2,0.5,1e+30,18446744073709551615,true,null,{}],"a":"\u007f\n\u0001ü\\"})";
    job.result_data = "{\"chunks\":7}";
    job.error_message = "why";
    job.created_at = now;
    job.queued_at = now + std::chrono::milliseconds{1};
    job.started_at = now + std::chrono::milliseconds{20};
    job.completed_at = now + std::chrono::hours{30'000};
    job.scheduled_at = now - std::chrono::hours{400'000};
    job.progress_current = 1;
    job.progress_total = 3;
    job.progress_message = "half";
    job.worker_id = "w";
    job.retry_count = 2;
    job.max_retries = 9;
    job.timeout = std::chrono::seconds{77};
    job.epoch = 18'446'744'073'709'551'615U;
    job.attempts = {{1, "w1", now, now + std::chrono::seconds{1}, "retried", "bad"}, {2, "w2", now, {}, "", ""}};
    return job;
}

Source full_source() {
    Source source;
    source.id = SourceId{1};
    source.project_id = ProjectId{2};
    source.filename = "a/b.txt";
    source.original_filename = "b.txt";
    source.version = 3;
    source.content_hash = ContentHash::of("x");
    source.file_size = 9'000'000'000'000'000'000U;
    source.file_type = "code";
    source.content_type = "text/x-c";
    source.language = "c";
    source.charset = "UTF-8";
    source.replaced_bytes = 5;
    source.uploaded_by = UserId{6};
    source.created_at = now;
    source.updated_at = now + std::chrono::seconds{1};
    source.metadata = R"({"k":["v"]})";
    source.status = SourceStatus::failed;
    source.reason = "r";
    source.chunks = 7;
    source.active_version = 2;
    source.active_generation = GenerationId(uuid(8));
    source.job_id = JobId(uuid(9));
    return source;
}

SearchReply full_reply() {
    Hit hit;
    hit.chunk_id = PointId(uuid(1));
    hit.content = "the lease\nis lost";
    hit.score = 0.125;
    hit.why = {{"lease", "lost"}, true, 0.75};
    hit.project_id = ProjectId{2};
    hit.source_id = SourceId{3};
    hit.source_name = "a.txt";
    hit.heading = "h";
    hit.byte_range = {10, 27};
    hit.line_range = {4, 5};
    hit.highlights = {{4, 9}, {13, 17}};
    hit.also_in = {{SourceId{5}, "b.txt", {6, 7}}};
    SearchReply reply;
    reply.results = {hit, hit};
    reply.total_found = 12;
    reply.query_time_ms = 1.5;
    reply.query = "lease lost";
    reply.mode = SearchMode::semantic;
    reply.coverage = {1, 2, 3, 4, 5, 6};
    reply.note = "n";
    return reply;
}

JobPage full_page() {
    JobPage page;
    page.jobs = {full_job(), Job{}};
    page.total = 12;
    page.page = 2;
    page.per_page = 2;
    page.has_more = true;
    return page;
}

template <class Value>
std::string malformed(const Result<Value>& result) {
    REQUIRE(!result);
    CHECK(result.error().code == Code::incompatible);
    return result.error().message;
}

// A text with its first occurrence of something replaced.
std::string with(std::string text, std::string_view old, std::string_view replacement) {
    const std::size_t at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), replacement);
}

}  // namespace

// Each to_json writes every member, so two objects with the same text are the same.
TEST_CASE("jobs come out as they went in") {
    const Job job = full_job();
    const auto read = parse_job(to_json(job, now));
    REQUIRE_MESSAGE(read, read.error().message);
    CHECK(to_json(*read, now) == to_json(job, now));
    CHECK(read->job_data == job.job_data);
    CHECK(read->epoch == job.epoch);
    CHECK(read->scheduled_at == job.scheduled_at);

    const auto empty = parse_job(to_json(Job{}, now));
    REQUIRE_MESSAGE(empty, empty.error().message);
    CHECK(to_json(*empty, now) == to_json(Job{}, now));
    CHECK(empty->result_data.empty());
    CHECK_FALSE(empty->queued_at);
}

TEST_CASE("pages of jobs and sources come out as they went in") {
    const auto jobs = parse_job_page(to_json(full_page(), now));
    REQUIRE_MESSAGE(jobs, jobs.error().message);
    CHECK(to_json(*jobs, now) == to_json(full_page(), now));

    SourcePage page;
    page.sources = {full_source(), Source{}};
    page.total = 3;
    page.page = 4;
    page.per_page = 5;
    page.has_more = true;
    const auto sources = parse_source_page(to_json(page));
    REQUIRE_MESSAGE(sources, sources.error().message);
    CHECK(to_json(*sources) == to_json(page));
    CHECK(to_json(parse_source(to_json(full_source())).value()) == to_json(full_source()));
}

TEST_CASE("projects, the queue's state and checks come out as they went in") {
    const Project project{ProjectId{1}, "n", "d", now, 3};
    CHECK(to_json(parse_project(to_json(project)).value()) == to_json(project));
    const auto projects = parse_projects('[' + to_json(project) + ',' + to_json(Project{}) + ']');
    REQUIRE(projects);
    REQUIRE(projects->size() == 2);
    CHECK(to_json(projects->front()) == to_json(project));
    CHECK(parse_projects("[]").value().empty());

    QueueStats stats{1, 2, 3, 4, 5, 6, 7, {8, 9, 10, 11}, 12.5, 13, true};
    CHECK(to_json(parse_queue_stats(to_json(stats)).value()) == to_json(stats));
    const auto bulk = parse_bulk_reply(R"({"changed":3,"refused":4})");
    REQUIRE(bulk);
    CHECK(bulk->changed == 3);
    CHECK(bulk->refused == 4);

    const Check check{"queue", Check::Verdict::warning, "slow", "wait"};
    const auto checks = parse_checks("{\"checks\":[" + to_json(check) + "]}");
    REQUIRE(checks);
    CHECK(to_json(checks->front()) == to_json(check));
}

TEST_CASE("a search's reply comes out as it went in") {
    const auto read = parse_search_reply(to_json(full_reply()));
    REQUIRE_MESSAGE(read, read.error().message);
    CHECK(to_json(*read) == to_json(full_reply()));
    CHECK(to_json(parse_search_reply(to_json(SearchReply{})).value()) == to_json(SearchReply{}));
}

TEST_CASE("an upload's sources and jobs are read, and how many chunks a job made") {
    const auto upload = parse_upload("{\"success\":true,\"message\":\"\",\"sources\":[" + to_json(full_source()) +
                                     "],\"jobs\":[" + to_json(full_job(), now) + "],\"total_files\":1}");
    REQUIRE(upload);
    CHECK(to_json(upload->sources.at(0)) == to_json(full_source()));
    CHECK(to_json(upload->jobs.at(0), now) == to_json(full_job(), now));
    CHECK(to_json(parse_reprocessed("{\"source\":{},\"job\":" + to_json(full_job(), now) + '}').value(), now) ==
          to_json(full_job(), now));
    CHECK(malformed(parse_reprocessed(R"({"source":{},"job":null})")) == "job is missing or malformed");
    CHECK(parse_chunk_count(full_job().result_data).value() == 7);
    CHECK_FALSE(parse_chunk_count(""));
}

TEST_CASE("what is missing, of another type or out of bounds is named by its place") {
    const std::string job = to_json(full_job(), now);
    CHECK(malformed(parse_job("{")).starts_with("not valid JSON"));
    CHECK(malformed(parse_job("")).starts_with("not valid JSON"));
    CHECK(malformed(parse_job("[]")) == "the JSON object is missing or malformed");
    CHECK(malformed(parse_job("{}")) == "id is missing or malformed");
    CHECK(malformed(parse_job(with(job, "\"running\"", "\"walking\""))) == "status is missing or malformed");
    CHECK(malformed(parse_job(with(job, "\"retry_count\":2", "\"retry_count\":4294967298"))) ==
          "retry_count is missing or malformed");
    CHECK(malformed(parse_job(with(job, "\"ended_at\":\"2", "\"ended_at\":\"x"))) ==
          "attempts[0].ended_at is missing or malformed");
    CHECK(malformed(parse_job_page(with(to_json(full_page(), now), "[{\"id\"", "[7,{\"id\""))) ==
          "jobs[0] is missing or malformed");
    CHECK(malformed(parse_projects("[{}]")) == "projects[0].id is missing or malformed");
    CHECK(malformed(parse_projects("{}")) == "projects is missing or malformed");

    const std::string reply = to_json(full_reply());
    CHECK(malformed(parse_search_reply(with(reply, "[13,17]", "[13,18]"))) ==
          "results[0].highlights is missing or malformed");
    CHECK(malformed(parse_search_reply(with(reply, "[4,9]", "[9,4]"))) ==
          "results[0].highlights is missing or malformed");
    CHECK(malformed(parse_search_reply(with(reply, "[4,5]", "[0,5]"))) ==
          "results[0].line_range is missing or malformed");
    CHECK(malformed(parse_search_reply(with(reply, "[6,7]", "[6]"))) ==
          "results[0].also_in[0].line_range is missing or malformed");
    CHECK(malformed(parse_search_reply(with(reply, "\"words\":[\"lease\"", "\"words\":[1"))) ==
          "results[0].why.words is missing or malformed");
    CHECK(malformed(parse_search_reply(with(reply, "\"coverage\":{", "\"coverage\":[],\"other\":{"))) ==
          "coverage is missing or malformed");
}

TEST_CASE("no text, however broken, is more than an error") {
    Rng rng(20'261'124);
    for (const std::string& whole : {to_json(full_page(), now), to_json(full_reply())}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CHECK_FALSE(parse_job_page(std::string_view(whole).substr(0, size)));
            CHECK_FALSE(parse_search_reply(std::string_view(whole).substr(0, size)));
        }
        for (int i = 0; i < 3'000; ++i) {
            std::string broken = whole;
            broken[rng() % broken.size()] = "{}[]\",:0-9nt\\\xFF"[rng() % 15];
            if (const auto read = parse_search_reply(broken)) {
                for (const auto& hit : read->results) {
                    for (const auto& range : hit.highlights) CHECK(range.end <= hit.content.size());
                }
            }
            if (const auto read = parse_job_page(broken)) CHECK_FALSE(to_json(*read, now).empty());
        }
    }
    CHECK_FALSE(parse_job(std::string(100'000, '[')));
}

TEST_CASE("members of a newer server are passed over") {
    CHECK(parse_queue_stats(with(to_json(QueueStats{}), "{", "{\"outbox_depth\":3,\"degraded\":[],")));
    CHECK(parse_job(with(to_json(full_job(), now), "{", "{\"colour\":{\"a\":[1]},")));
}

TEST_CASE("a problem document is the library's error again") {
    const auto problem = parse_problem(R"({"title":"t","status":409,"detail":"it is finished","code":"conflict"})");
    REQUIRE(problem);
    CHECK(problem->code == Code::conflict);
    CHECK(problem->message == "it is finished");
    for (int code = 1; code <= 17; ++code) {
        const std::string name(to_string(static_cast<Code>(code)));
        CHECK(parse_problem("{\"detail\":\"\",\"code\":\"" + name + "\"}")->code == static_cast<Code>(code));
    }
    CHECK_FALSE(parse_problem(R"({"detail":"x","code":"other"})"));
    CHECK_FALSE(parse_problem(R"({"code":"conflict"})"));
    CHECK_FALSE(parse_problem("<html>"));
}

TEST_CASE("times are read as they are written, and others of RFC 3339 in UTC") {
    for (const auto at : {now, from_ms(0), from_ms(951'782'400'000), from_ms(-1)}) {
        CHECK(parse_rfc3339(to_rfc3339(at)) == at);
    }
    CHECK(parse_rfc3339("1970-01-01T00:00:01Z") == from_ms(1'000));
    CHECK(parse_rfc3339("1970-01-01T00:00:00.5Z") == from_ms(500));
    CHECK(parse_rfc3339("1970-01-01T00:00:00.123456Z") == from_ms(123));
    for (const char* const text :
         {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00+01:00", "1970-13-01T00:00:00Z",
          "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00xZ",
          "1970-01-01T00:-1:00Z", "1970-01-01T00:00:00.-1Z", "+970-01-01T00:00:00Z"}) {
        CHECK_FALSE_MESSAGE(parse_rfc3339(text), text);
    }
}
