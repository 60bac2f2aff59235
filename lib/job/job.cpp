#include "archaeologist/job.hpp"

#include <algorithm>
#include <array>

#include "archaeologist/json.hpp"

namespace archaeologist {
namespace {

constexpr std::array<std::string_view, 6> status_names{"pending",   "queued", "running",
                                                       "completed", "failed", "cancelled"};
constexpr std::array<std::string_view, 4> priority_names{"low", "normal", "high", "urgent"};

template <class Enum, std::size_t size>
std::optional<Enum> parse_name(const std::array<std::string_view, size>& names, std::string_view text) {
    const auto* const found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

void write(JsonWriter& json, std::string_view name, const std::optional<TimePoint>& at) {
    json.key(name);
    at ? json.value(to_rfc3339(*at)) : json.null();
}

void write(JsonWriter& json, std::string_view name, const std::optional<JobId>& id) {
    json.key(name);
    id ? json.value(id->text()) : json.null();
}

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
    json.key(name);
    text.empty() ? json.null() : json.value(text);
}

void write_raw(JsonWriter& json, std::string_view name, std::string_view raw) {
    json.key(name);
    raw.empty() ? json.null() : json.raw(raw);
}

void write_owner(JsonWriter& json, const Job& job) {
    json.key("project_id");
    job.project_id == ProjectId{} ? json.null() : json.value(to_integer(job.project_id));
    json.field("user_id", to_integer(job.user_id)).key("source_id");
    job.source_id ? json.value(to_integer(*job.source_id)) : json.null();
    json.key("investigation_id").null();
    write(json, "parent_id", job.parent_id);
    write(json, "retry_of", job.retry_of);
}

void write_times(JsonWriter& json, const Job& job, TimePoint now) {
    json.field("created_at", to_rfc3339(job.created_at));
    write(json, "queued_at", job.queued_at);
    write(json, "started_at", job.started_at);
    write(json, "completed_at", job.completed_at);
    write(json, "scheduled_at", job.scheduled_at);
    json.field("timeout_seconds", job.timeout.count()).key("duration_seconds");
    const auto duration = job.duration_seconds(now);
    duration ? json.value(*duration) : json.null();
}

void write_attempts(JsonWriter& json, const Job& job) {
    if (job.attempts.empty()) return;
    json.key("attempts").begin_array();
    for (const Attempt& attempt : job.attempts) json.raw(to_json(attempt));
    json.end_array();
}

}  // namespace

std::string_view to_string(JobStatus status) { return status_names[static_cast<std::size_t>(status)]; }
std::string_view to_string(Priority priority) { return priority_names[static_cast<std::size_t>(priority)]; }

std::optional<JobStatus> parse_job_status(std::string_view text) { return parse_name<JobStatus>(status_names, text); }
std::optional<Priority> parse_priority(std::string_view text) { return parse_name<Priority>(priority_names, text); }

double Job::progress_percentage() const {
    if (status == JobStatus::completed) return 100;
    if (progress_total <= 0) return 0;
    return std::clamp(100 * static_cast<double>(progress_current) / static_cast<double>(progress_total), 0.0, 100.0);
}

std::optional<double> Job::duration_seconds(TimePoint now) const {
    if (!started_at) return std::nullopt;
    if (!completed_at && status != JobStatus::running) return std::nullopt;
    const auto end = completed_at.value_or(now);
    return std::max(0.0, std::chrono::duration<double>(end - *started_at).count());  // the wall clock may step back
}

std::string to_json(const Attempt& attempt) {
    JsonWriter json;
    json.begin_object().field("epoch", attempt.epoch).field("worker_id", attempt.worker_id);
    write(json, "started_at", std::optional(attempt.started_at));
    write(json, "ended_at", attempt.ended_at);
    write_text(json, "outcome", attempt.outcome);
    write_text(json, "error_message", attempt.error_message);
    json.end_object();
    return std::move(json).text();
}

std::string to_json(const Job& job, TimePoint now) {
    JsonWriter json;
    json.begin_object().field("id", job.id.text()).field("job_type", job.job_type);
    json.field("status", to_string(job.status)).field("priority", to_string(job.priority));
    write_owner(json, job);
    write_raw(json, "job_data", job.job_data);
    write_raw(json, "result_data", job.result_data);
    write_text(json, "error_message", job.error_message);
    write_times(json, job, now);
    json.field("progress_current", job.progress_current).field("progress_total", job.progress_total);
    write_text(json, "progress_message", job.progress_message);
    json.field("progress_percentage", job.progress_percentage()).field("is_finished", job.is_finished());
    write_text(json, "worker_id", job.worker_id);
    json.field("retry_count", job.retry_count).field("max_retries", job.max_retries).field("epoch", job.epoch);
    write_attempts(json, job);
    json.end_object();
    return std::move(json).text();
}

}  // namespace archaeologist
