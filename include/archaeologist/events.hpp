// What happened, in order. Events are a hint for followers; the catalog's rows are the truth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"

namespace archaeologist {

struct Event {
    std::int64_t id = 0;  // ascending, never reused: a cursor
    TimePoint at{};
    std::string kind;  // "job.queued", "job.running", "job.progress", "job.completed", "job.failed", "job.cancelled", …
    std::optional<JobId> job_id;
    std::optional<ProjectId> project_id;
    std::optional<SourceId> source_id;
};

[[nodiscard]] std::string to_json(const Event& event);

}  // namespace archaeologist
