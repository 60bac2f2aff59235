#include "host/log_line.hpp"

#include <doctest/doctest.h>

#include "host/logging.hpp"

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

constexpr TimePoint at = from_ms(1'800'000'000'123);
const JobId job{Uuid::parse("01900000-0000-7000-8000-000000000001").value()};

}  // namespace

TEST_CASE("a line of text says when, how bad and what, and then its fields") {
    CHECK(text_line(at, {LogLevel::warning, "claim failed", {}}) == "2027-01-15T08:00:00.123Z warning claim failed");
    CHECK(text_line(at, {LogLevel::info, "served", job},
                    {{"path", "/api/jobs"}, {"status", std::int64_t{503}}, {"duration_ms", 1.5}}) ==
          "2027-01-15T08:00:00.123Z info served job_id=" + job.text() + " path=/api/jobs status=503 duration_ms=1.5");
}

TEST_CASE("no value breaks a line of text, or reads as another field") {
    CHECK(text_line(at, {LogLevel::info, "a\nb", {}}, {{"path", "/x y"}}) ==
          "2027-01-15T08:00:00.123Z info a\\nb path=\"/x y\"");
    CHECK(text_line(at, {LogLevel::info, "m", {}}, {{"path", "/x\nstatus=200"}}).find('\n') == std::string::npos);
    CHECK(text_line(at, {LogLevel::info, "m", {}}, {{"query", "a=b"}}).ends_with(" query=\"a=b\""));
    CHECK(text_line(at, {LogLevel::info, "m", {}}, {{"query", ""}}).ends_with(" query=\"\""));
}

TEST_CASE("a line of JSON is one object with the program's name, and a job where there is one") {
    CHECK(json_line(at, "archaeologist-worker", {LogLevel::error, "it \"broke\"\n", {}}) ==
          R"({"time":"2027-01-15T08:00:00.123Z","level":"error","program":"archaeologist-worker",)"
          R"("message":"it \"broke\"\n"})");
    CHECK(json_line(at, "p", {LogLevel::info, "served", job},
                    {{"method", "GET"}, {"status", std::int64_t{200}}, {"duration_ms", 0.25}}) ==
          R"({"time":"2027-01-15T08:00:00.123Z","level":"info","program":"p","message":"served","job_id":")" +
              job.text() + R"(","method":"GET","status":200,"duration_ms":0.25})");
}

TEST_CASE("log formats are read by their names") {
    CHECK(parse_log_format("text") == LogFormat::text);
    CHECK(parse_log_format("json") == LogFormat::json);
    CHECK_FALSE(parse_log_format("JSON").has_value());
}
