// The catalog: the SQL truth of projects, sources, jobs and events. Functions take the connection of a transaction, so
// that what must happen together can: a source's version and its job, a job's end and the flip of its generation.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/events.hpp"
#include "archaeologist/project.hpp"
#include "archaeologist/result.hpp"
#include "sqlite/database.hpp"

namespace archaeologist::catalog {

// DATA/catalog.db, made or brought to the newest schema. DATA must exist. Its lock is DATA/run/catalog.lock.
// Errors: incompatible (written by a newer version), corrupt, permission_denied, storage_full, io_error.
[[nodiscard]] Result<std::unique_ptr<sqlite::Database>> open(const std::string& data_dir);

// Errors: invalid_argument (1 to 200 bytes of UTF-8 without control characters), already_exists.
[[nodiscard]] Result<Project> create_project(sqlite::Connection& tx, std::string_view name,
                                             std::string_view description, ExternalModels external_models,
                                             TimePoint now);
// Errors: not_found.
[[nodiscard]] Result<Project> project(sqlite::Connection& tx, std::string_view name);
[[nodiscard]] Result<Project> project(sqlite::Connection& tx, ProjectId id);
// Cheaper than to read it. Errors: not_found.
[[nodiscard]] Status require_project(sqlite::Connection& tx, ProjectId id);
[[nodiscard]] Result<std::vector<Project>> projects(sqlite::Connection& tx);

// Its row alone. Errors: not_found, invalid_argument, already_exists (the name is another's).
struct ProjectChanges {
    std::optional<std::string> name{};
    std::optional<std::string> description{};
    std::optional<ExternalModels> external_models{};
};
[[nodiscard]] Result<Project> update_project(sqlite::Connection& tx, ProjectId id, const ProjectChanges& changes);

struct EventRow {
    std::string_view kind;
    std::optional<JobId> job_id;
    std::optional<ProjectId> project_id;
    std::optional<SourceId> source_id;
};
// The newest 200,000 are kept.
[[nodiscard]] Status add_event(sqlite::Connection& tx, const EventRow& event, TimePoint now);

struct EventSelection {
    std::int64_t after = 0;
    std::size_t limit = 0;
    std::optional<JobId> job_id{};
    std::optional<ProjectId> project_id{};
};
// Oldest first. O(events kept behind `after`) where they are selected, for there is no index of them.
[[nodiscard]] Result<std::vector<Event>> events(sqlite::Connection& tx, const EventSelection& selection);

struct EventBounds {
    std::int64_t oldest_id = 0;  // of those that are kept; the next one's where none is, 0 when there was none ever
    std::int64_t newest_id = 0;  // of all
};
[[nodiscard]] Result<EventBounds> event_bounds(sqlite::Connection& tx);

// "ok", or the first thing that is wrong with the file; nothing when there was no time to look at all of it.
[[nodiscard]] Result<std::optional<std::string>> quick_check(sqlite::Connection& tx,
                                                             std::chrono::milliseconds time_max);

}  // namespace archaeologist::catalog
