#include "cli/job_text.hpp"

#include "cli/description.hpp"
#include "host/figure.hpp"
#include "host/printable.hpp"

namespace archaeologist::cli {
namespace {

using host::count_text;

void append_count(std::string& line, std::int64_t count, std::string_view what) {
    if (count > 0) line += " · " + count_text(count) + ' ' + std::string(what);
}

std::string json_array_of(const std::vector<Job>& jobs, TimePoint now) {
    std::string json = "[";
    for (const auto& job : jobs) json += (json.size() > 1 ? "," : "") + to_json(job, now);
    return json + ']';
}

// Highest first, as the queue takes them.
std::string priorities_of(const QueueStats& stats) {
    std::string text;
    for (const auto priority : {Priority::urgent, Priority::high, Priority::normal, Priority::low}) {
        const auto count = stats.by_priority.at(static_cast<std::size_t>(priority));
        if (count > 0)
            text += (text.empty() ? " (" : ", ") + count_text(count) + ' ' + std::string(to_string(priority));
    }
    return text.empty() ? text : text + ')';
}

std::string_view past_of(BulkAction action) {
    switch (action) {
        case BulkAction::cancel: return "cancelled";
        case BulkAction::retry: return "retried";
        case BulkAction::remove: return "deleted";
        case BulkAction::set_priority: break;
    }
    return "changed";
}

}  // namespace

std::string summary_of(const WaitReport& report) {
    if (report.completed + report.failed + report.cancelled + report.unfinished == 0) return "no unfinished jobs";
    std::string line = count_text(report.completed) + " completed";
    append_count(line, report.failed, "failed");
    append_count(line, report.cancelled, "cancelled");
    append_count(line, report.unfinished, "unfinished");
    return line;
}

std::string problems_of(const WaitReport& report) {
    constexpr std::int64_t listed_max = 10;
    const std::int64_t problems = report.failed + report.cancelled + report.unfinished;
    std::int64_t listed = 0;
    std::string lines;
    for (const auto& job : report.jobs) {
        if (job.status == JobStatus::completed || listed == listed_max) continue;
        ++listed;
        lines += "job " + job.id.text() + " is " + std::string(to_string(job.status));
        lines += (job.error_message.empty() ? "" : ": " + host::printable(job.error_message)) + '\n';
    }
    if (problems > listed) lines += "and " + count_text(problems - listed) + " more\n";
    return lines;
}

std::string to_json(const WaitReport& report, TimePoint now) {
    return "{\"completed\":" + std::to_string(report.completed) + ",\"failed\":" + std::to_string(report.failed) +
           ",\"cancelled\":" + std::to_string(report.cancelled) +
           ",\"unfinished\":" + std::to_string(report.unfinished) + ",\"jobs\":" + json_array_of(report.jobs, now) +
           '}';
}

std::string to_json(const ChangeReport& report, TimePoint now) {
    std::string problems;
    for (const auto& [id, error] : report.problems) {
        problems += (problems.empty() ? "" : ",") + ("{\"id\":\"" + id.text()) + "\",\"error\":";
        problems += host::json_string(error.message) + ",\"code\":" + host::json_string(to_string(error.code)) + '}';
    }
    return "{\"changed\":" + std::to_string(report.changed) + ",\"refused\":" + std::to_string(report.problems.size()) +
           ",\"jobs\":" + json_array_of(report.made, now) + ",\"problems\":[" + problems + "]}";
}

std::string summary_of(BulkAction action, std::int64_t changed, std::int64_t refused) {
    std::string line = count_text(changed) + ' ' + std::string(past_of(action));
    append_count(line, refused, "refused");
    return line;
}

std::string description_of(const QueueStats& stats) {
    Description description;
    description.add("queued", count_text(stats.queued) + priorities_of(stats));
    description.add("oldest wait", stats.queued > 0 ? host::duration_text(stats.oldest_queued_seconds) : "–");
    description.add("scheduled", count_text(stats.scheduled));
    description.add("pending", count_text(stats.pending));
    description.add("running", count_text(stats.running));
    description.add("completed", count_text(stats.completed));
    description.add("failed", count_text(stats.failed));
    description.add("cancelled", count_text(stats.cancelled));
    description.add("workers", count_text(stats.workers));
    description.add("paused", stats.paused ? "yes" : "no");
    return std::move(description).text();
}

}  // namespace archaeologist::cli
