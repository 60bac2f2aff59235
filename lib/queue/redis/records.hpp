// Jobs as they stand in Redis (layout.hpp): written for the scripts, read from what they answer. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/queue.hpp"

namespace archaeologist::redis_queue {

// A waiting job that the catalog hands over, with what it has behind it.
struct Handover {
    JobId id;
    std::string job_type;
    std::int64_t score = 0;
    Priority priority = Priority::normal;
    int max_retries = 0;
    std::chrono::milliseconds timeout{0};
    ProjectId project_id{};
    UserId user_id{};
    std::optional<SourceId> source_id;
    std::string job_data;
    std::optional<TimePoint> run_at;
    int retry_count = 0;
    int crash_count = 0;
    std::int64_t claims = 0;
    std::int64_t version = 0;  // counts what the catalog was told of the job
};

// Eight bytes that sort as scores do.
[[nodiscard]] std::string place_bytes(std::int64_t score);
// The job's record, without its lane.
[[nodiscard]] std::string job_record(const Handover& job);
// Empty for a job that was never claimed and may run at once.
[[nodiscard]] std::string past_record(const Handover& job);

// What a claimed job's record says beside the claim's own words. `lanes` names the job types.
[[nodiscard]] Result<Lease> parse_job(std::string_view record, const std::map<std::string, std::string>& lanes);

enum class Phase : std::uint8_t { waiting = 1, running, completed, failed, cancelled, expanded };

// What the catalog is told of a job.
struct Snapshot {
    JobId id;
    Phase phase = Phase::waiting;
    std::int64_t version = 0;
    std::int64_t claims = 0;
    int retry_count = 0;
    int crash_count = 0;
    std::uint64_t epoch = 0;
    std::string worker_id;
    TimePoint started_at{};
    TimePoint deadline{};
    std::optional<TimePoint> queued_at;  // when it last went back
    std::optional<TimePoint> run_at;     // while it waits: not before
    TimePoint ended_at{};                // of a finished one
    std::int64_t progress_current = 0;
    std::int64_t progress_total = 0;
    std::string progress_message;
    std::string error_message;
    std::string outcome;            // of the try that ended the job
    std::string data;               // its result, or a batch's children
    std::vector<Attempt> attempts;  // ended ones that did not end the job
};

// Errors: corrupt.
[[nodiscard]] Result<Snapshot> parse_snapshot(JobId id, std::string_view state);

[[nodiscard]] std::string pack_children(std::span<const NewJob> children);
// Errors: corrupt.
[[nodiscard]] Result<std::vector<NewJob>> unpack_children(std::string_view bytes);

}  // namespace archaeologist::redis_queue
