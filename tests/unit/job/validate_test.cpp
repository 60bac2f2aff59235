#include "job/validate.hpp"

#include <doctest/doctest.h>

#include "base/utf8.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

std::string message_of(const Status& status) { return status ? "" : status.error().message; }

template <class Spoil>
std::string refusal(Spoil spoil) {
    NewJob job;
    spoil(job);
    return message_of(validate(job));
}

}  // namespace

TEST_CASE("a default job is valid, and so is one at every limit") {
    CHECK(validate(NewJob{}).has_value());
    NewJob job;
    job.job_type = std::string(JobLimits::job_type_bytes_max, 'x');
    job.max_retries = JobLimits::retries_max;
    job.timeout = JobLimits::timeout_max;
    job.job_data = R"({"x":")" + std::string(JobLimits::job_data_bytes_max - 8, 'x') + R"("})";
    REQUIRE(job.job_data.size() == JobLimits::job_data_bytes_max);
    CHECK(validate(job).has_value());
}

TEST_CASE("a refusal names thing, value and rule") {
    CHECK(refusal([](NewJob& job) { job.max_retries = -1; }) == "job: max_retries is -1, must be 0 to 100");
    CHECK(refusal([](NewJob& job) { job.timeout = 0s; }) == "job: timeout_seconds is 0, must be 1 to 604800");
    CHECK(refusal([](NewJob& job) { job.job_type = "a b"; }) ==
          "job: job_type is \"a b\", must be 1 to 64 letters, digits, _ . or -");
    CHECK(refusal([](NewJob& job) { job.job_data = "[]"; }) == "job: job_data is \"[]\", must be a JSON object");
    CHECK(refusal([](NewJob& job) { job.priority = static_cast<Priority>(9); }) ==
          "job: priority is 9, must be one of low, normal, high, urgent");
}

TEST_CASE("job types beyond the limit, empty, or with other characters are refused") {
    for (const std::string bad : {"", "ä", "a/b", "a\n", "a\"b"}) CHECK_FALSE(validate_job_type(bad));
    CHECK_FALSE(validate_job_type(std::string(65, 'x')));
    CHECK_FALSE(validate_job_type(std::string(1, '\0')));
}

TEST_CASE("only one whole JSON object is taken, of at most the given size") {
    for (const std::string good : {"{}", " {\"a\": [1, {\"b\": null}]}\n", "{\"ü\":\"\\u00fc\"}"}) {
        CHECK(validate_json_object("x", good, 100).has_value());
    }
    for (const std::string bad :
         {"", " ", "null", "1", "\"{}\"", "{", "{}{}", "{\"a\":}", "{'a':1}", "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}"}) {
        CAPTURE(bad);
        const Status status = validate_json_object("x", bad, 100);
        REQUIRE_FALSE(status);
        CHECK(status.error().code == Code::invalid_argument);
    }
    CHECK(validate_json_object("x", "{    }", 5).error().code == Code::too_large);
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK_FALSE(validate_json_object("x", "{\"a\":" + deep + "}", 1 << 20));
}

TEST_CASE("text is cut before a code point and never inside it") {
    const std::string text = "aü€😀b";
    for (std::size_t bytes_max = 0; bytes_max <= text.size() + 1; ++bytes_max) {
        const std::string_view cut = cut_text(text, bytes_max);
        CHECK(cut.size() <= bytes_max);
        CHECK(bytes_max < cut.size() + 4);
        CHECK(is_valid_utf8(cut));
        CHECK(text.starts_with(cut));
    }
    CHECK(cut_text(std::string(10, '\x80'), 8).size() >= 5);
}

TEST_CASE("a value in a message is quoted and short, whatever it holds") {
    CHECK(quoted("a\"b\n") == R"("a\"b\n")");
    CHECK(quoted(std::string(1'000, 'x')).size() < 100);
    CHECK(is_valid_utf8(quoted("\xff\xfe")));
}
