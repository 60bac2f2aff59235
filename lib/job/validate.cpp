#include "job/validate.hpp"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <string>

#include "archaeologist/json.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t shown_bytes_max = 80;
constexpr std::int64_t year_9999_ms = 253'402'300'799'999;  // the last moment RFC 3339 can write

bool is_type_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
}

Error invalid(std::string message) { return {Code::invalid_argument, std::move(message)}; }

}  // namespace

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    std::size_t end = bytes_max;
    // A code point has at most three continuation bytes; more are not UTF-8 and may be cut anywhere.
    for (int back = 0; back < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++back) --end;
    return text.substr(0, end);
}

std::string quoted(std::string_view value) {
    std::string shown(cut_text(value, shown_bytes_max));
    if (shown.size() < value.size()) shown += "…";
    return JsonWriter{}.value(shown).text();
}

Status validate_job_type(std::string_view job_type) {
    if (job_type.empty() || job_type.size() > JobLimits::job_type_bytes_max ||
        !std::all_of(job_type.begin(), job_type.end(), is_type_character)) {
        return invalid("job: job_type is " + quoted(job_type) + ", must be 1 to " +
                       std::to_string(JobLimits::job_type_bytes_max) + " letters, digits, _ . or -");
    }
    return {};
}

Status validate_json_object(std::string_view name, std::string_view json, std::size_t bytes_max) {
    if (json.size() > bytes_max) {
        return Error{Code::too_large, std::string(name) + " has " + std::to_string(json.size()) + " bytes, may have " +
                                          std::to_string(bytes_max)};
    }
    simdjson::dom::parser parser;
    const auto root = parser.parse(json.data(), json.size());
    if (root.error() != simdjson::SUCCESS) {
        return invalid(std::string(name) + " is " + quoted(json) +
                       ", must be a JSON object: " + simdjson::error_message(root.error()));
    }
    if (!root.is_object()) return invalid(std::string(name) + " is " + quoted(json) + ", must be a JSON object");
    return {};
}

Status validate(const NewJob& job) {
    ARCHAEO_TRY(validate_job_type(job.job_type));
    if (job.priority > Priority::urgent) {
        return invalid("job: priority is " + std::to_string(static_cast<int>(job.priority)) +
                       ", must be one of low, normal, high, urgent");
    }
    if (job.max_retries < 0 || job.max_retries > JobLimits::retries_max) {
        return invalid("job: max_retries is " + std::to_string(job.max_retries) + ", must be 0 to " +
                       std::to_string(JobLimits::retries_max));
    }
    if (job.timeout < std::chrono::seconds{1} || job.timeout > JobLimits::timeout_max) {
        return invalid("job: timeout_seconds is " + std::to_string(job.timeout.count()) + ", must be 1 to " +
                       std::to_string(JobLimits::timeout_max.count()));
    }
    if (job.scheduled_at && (to_ms(*job.scheduled_at) < 0 || to_ms(*job.scheduled_at) > year_9999_ms)) {
        return invalid("job: scheduled_at is " + std::to_string(to_ms(*job.scheduled_at)) +
                       " ms, must be between the years 1970 and 9999");
    }
    return validate_json_object("job: job_data", job.job_data, JobLimits::job_data_bytes_max);
}

}  // namespace archaeologist
