// Jobs as users see them. Names are those of the JSON and of the SQL columns.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"

namespace archaeologist {

enum class JobStatus : std::uint8_t { pending, queued, running, completed, failed, cancelled };
enum class Priority : std::uint8_t { low, normal, high, urgent };

[[nodiscard]] std::string_view to_string(JobStatus status);
[[nodiscard]] std::string_view to_string(Priority priority);
[[nodiscard]] std::optional<JobStatus> parse_job_status(std::string_view text);
[[nodiscard]] std::optional<Priority> parse_priority(std::string_view text);

// completed, failed and cancelled are final.
[[nodiscard]] constexpr bool is_finished(JobStatus status) { return status >= JobStatus::completed; }

inline constexpr std::string_view file_processing = "file_processing";
inline constexpr std::string_view batch_processing = "batch_processing";
inline constexpr std::string_view investigation = "investigation";

struct JobLimits {
    static constexpr std::size_t job_type_bytes_max = 64;
    static constexpr std::size_t job_data_bytes_max = 1 << 20;
    static constexpr std::size_t result_bytes_max = 16 << 20;
    static constexpr std::size_t error_bytes_max = 8 << 10;  // longer messages are cut
    static constexpr int retries_max = 100;
    static constexpr std::chrono::seconds timeout_max{7 * 24 * 3600};
};

// How far ahead of its arrival a job of each priority stands. Priority is a head start in time, so nothing starves; with
// strict bands a higher priority always comes first, and lower ones may wait for ever.
struct HeadStarts {
    std::chrono::milliseconds urgent = std::chrono::hours{24};
    std::chrono::milliseconds high = std::chrono::hours{1};
    std::chrono::milliseconds normal{0};
    std::chrono::milliseconds low = -std::chrono::hours{1};

    [[nodiscard]] std::chrono::milliseconds of(Priority priority) const;
    [[nodiscard]] static HeadStarts strict();
    bool operator==(const HeadStarts&) const = default;
};

// What a caller asks for. A nil id is filled in by the queue; enqueueing the same id again changes nothing.
struct NewJob {
    JobId id;
    std::string job_type{file_processing};
    Priority priority = Priority::normal;
    ProjectId project_id{};
    UserId user_id = local_user;
    std::optional<SourceId> source_id;
    std::optional<JobId> parent_id;  // the batch it belongs to
    std::optional<JobId> retry_of;
    std::string job_data = "{}";            // a JSON object
    int max_retries = 3;                    // 0 to JobLimits::retries_max
    std::chrono::seconds timeout{3600};     // per attempt
    std::optional<TimePoint> scheduled_at;  // run not before
};

// One try of a job: when, by whom, and how it ended ("completed", "failed", "released", "lease_expired", …).
struct Attempt {
    std::uint64_t epoch = 0;
    std::string worker_id;
    TimePoint started_at{};
    std::optional<TimePoint> ended_at;
    std::string outcome;
    std::string error_message;
};

struct Job {
    JobId id;
    std::string job_type;
    JobStatus status = JobStatus::pending;
    Priority priority = Priority::normal;
    ProjectId project_id{};
    UserId user_id = local_user;
    std::optional<SourceId> source_id;
    std::optional<JobId> parent_id;
    std::optional<JobId> retry_of;
    std::string job_data;     // JSON
    std::string result_data;  // JSON; empty until completed
    std::string error_message;
    TimePoint created_at{};
    std::optional<TimePoint> queued_at;
    std::optional<TimePoint> started_at;
    std::optional<TimePoint> completed_at;  // when it finished, however it ended
    std::optional<TimePoint> scheduled_at;  // run not before
    std::int64_t progress_current = 0;
    std::int64_t progress_total = 0;
    std::string progress_message;
    std::string worker_id;
    int retry_count = 0;
    int max_retries = 3;
    std::chrono::seconds timeout{3600};
    std::uint64_t epoch = 0;        // 0 until first claimed
    std::vector<Attempt> attempts;  // filled by get, not by lists

    [[nodiscard]] bool is_finished() const { return archaeologist::is_finished(status); }
    // 0 to 100; 100 for a completed job.
    [[nodiscard]] double progress_percentage() const;
    // From start to end, or to `now` while running; nothing when never started.
    [[nodiscard]] std::optional<double> duration_seconds(TimePoint now) const;
};

[[nodiscard]] std::string to_json(const Attempt& attempt);

// The whole job as one JSON object, computed fields included.
[[nodiscard]] std::string to_json(const Job& job, TimePoint now);

}  // namespace archaeologist
