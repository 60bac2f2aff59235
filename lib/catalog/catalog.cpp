#include "catalog/catalog.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "archaeologist/json.hpp"
#include "base/errno_error.hpp"
#include "base/utf8.hpp"
#include "catalog/minutes.hpp"
#include "job/validate.hpp"
#include "sql/catalog_event_bounds.hpp"
#include "sql/catalog_find_project.hpp"
#include "sql/catalog_has_project.hpp"
#include "sql/catalog_insert_event.hpp"
#include "sql/catalog_insert_project.hpp"
#include "sql/catalog_list_events.hpp"
#include "sql/catalog_migrations_001.hpp"
#include "sql/catalog_migrations_002.hpp"
#include "sql/catalog_migrations_003.hpp"
#include "sql/catalog_migrations_004.hpp"
#include "sql/catalog_migrations_005.hpp"
#include "sql/catalog_migrations_006.hpp"
#include "sql/catalog_migrations_007.hpp"
#include "sql/catalog_quick_check.hpp"
#include "sql/catalog_trim_events.hpp"
#include "sql/catalog_update_project.hpp"

namespace archaeologist {

std::string_view to_string(ExternalModels external_models) {
    return external_models == ExternalModels::denied ? "denied" : "allowed";
}

std::optional<ExternalModels> parse_external_models(std::string_view text) {
    if (text == "allowed") return ExternalModels::allowed;
    if (text == "denied") return ExternalModels::denied;
    return std::nullopt;
}

std::string to_json(const Project& project) {
    JsonWriter json;
    json.begin_object()
        .field("id", to_integer(project.id))
        .field("name", project.name)
        .field("description", project.description)
        .field("created_at", to_rfc3339(project.created_at))
        .field("sources", project.sources)
        .field("external_models", to_string(project.external_models))
        .end_object();
    return std::move(json).text();
}

std::string to_json(const Event& event) {
    JsonWriter json;
    json.begin_object().field("id", event.id).field("at", to_rfc3339(event.at)).field("kind", event.kind);
    if (event.job_id) json.field("job_id", event.job_id->text());
    if (event.project_id) json.field("project_id", to_integer(*event.project_id));
    if (event.source_id) json.field("source_id", to_integer(*event.source_id));
    json.end_object();
    return std::move(json).text();
}

}  // namespace archaeologist

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr std::array<sqlite::Migration, 7> migrations{{{1, sql::catalog_migrations_001},
                                                       {2, sql::catalog_migrations_002},
                                                       {3, sql::catalog_migrations_003},
                                                       {4, sql::catalog_migrations_004},
                                                       {5, sql::catalog_migrations_005},
                                                       {6, sql::catalog_migrations_006},
                                                       {7, sql::catalog_migrations_007}}};
constexpr std::size_t project_name_bytes_max = 200;
constexpr std::size_t description_bytes_max = 4'096;
constexpr std::int64_t events_kept = 200'000;
constexpr std::int64_t trim_every = 1'000;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

Status validate_project(std::string_view name, std::string_view description) {
    if (name.empty() || name.size() > project_name_bytes_max || !is_valid_utf8(name) ||
        std::any_of(name.begin(), name.end(), is_control)) {
        return Error{Code::invalid_argument, "project name is " + quoted(name) + ", must be 1 to " +
                                                 std::to_string(project_name_bytes_max) +
                                                 " bytes of UTF-8 without control characters"};
    }
    if (description.size() > description_bytes_max || !is_valid_utf8(description)) {
        return Error{Code::invalid_argument, "description of project " + quoted(name) + " has " +
                                                 std::to_string(description.size()) + " bytes, must be at most " +
                                                 std::to_string(description_bytes_max) + " bytes of UTF-8"};
    }
    return {};
}

Error no_such_project(ProjectId id) {
    return {Code::not_found, "project " + std::to_string(to_integer(id)) + " does not exist"};
}

Project project_row(const Query& row) {
    return {row.id<ProjectId>(0),     std::string(row.text(1)),
            std::string(row.text(2)), row.time(3),
            row.integer(4),           parse_external_models(row.text(5)).value_or(ExternalModels::denied)};
}

}  // namespace

Result<std::unique_ptr<sqlite::Database>> open(const std::string& data_dir) {
    const std::string run = data_dir + "/run";
    if (::mkdir(run.c_str(), 0755) != 0 && errno != EEXIST) return errno_error(errno, "make folder " + run);
    return sqlite::Database::open({.path = data_dir + "/catalog.db",
                                   .lock_path = run + "/catalog.lock",
                                   .migrations = migrations,
                                   .on_open = {}});
}

Result<Project> create_project(Connection& tx, std::string_view name, std::string_view description,
                               ExternalModels external_models, TimePoint now) {
    ARCHAEO_TRY(validate_project(name, description));
    if (project(tx, name)) return Error{Code::already_exists, "project " + quoted(name) + " exists already"};
    Query query(tx, sql::catalog_insert_project);
    query.bind(":name", name)
        .bind(":description", description)
        .bind(":external_models", to_string(external_models))
        .bind(":now_ms", now);
    ARCHAEO_TRY(query.step());
    return Project{query.id<ProjectId>(0), std::string(name), std::string(description), now, 0, external_models};
}

Result<Project> project(Connection& tx, std::string_view name) {
    Query query(tx, sql::catalog_find_project);
    query.bind(":name", name);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return Error{Code::not_found, "project " + quoted(name) + " does not exist"};
    return project_row(query);
}

Result<Project> project(Connection& tx, ProjectId id) {
    Query query(tx, sql::catalog_find_project);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return no_such_project(id);
    return project_row(query);
}

Status require_project(Connection& tx, ProjectId id) {
    Query query(tx, sql::catalog_has_project);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return no_such_project(id);
    return {};
}

Result<std::vector<Project>> projects(Connection& tx) {
    std::vector<Project> all;
    Query query(tx, sql::catalog_find_project);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.push_back(project_row(query));
    }
}

Result<Project> update_project(Connection& tx, ProjectId id, const ProjectChanges& changes) {
    ARCHAEO_ASSIGN(Project changed, project(tx, id));
    if (changes.name) changed.name = *changes.name;
    if (changes.description) changed.description = *changes.description;
    if (changes.external_models) changed.external_models = *changes.external_models;
    ARCHAEO_TRY(validate_project(changed.name, changed.description));
    const auto same_name = project(tx, changed.name);
    if (same_name && same_name->id != id) {
        return Error{Code::already_exists, "project " + quoted(changed.name) + " exists already"};
    }
    ARCHAEO_TRY(Query(tx, sql::catalog_update_project)
                    .bind(":id", id)
                    .bind(":name", changed.name)
                    .bind(":description", changed.description)
                    .bind(":external_models", to_string(changed.external_models))
                    .run());
    return changed;
}

Status add_event(Connection& tx, const EventRow& event, TimePoint now) {
    ARCHAEO_TRY(Query(tx, sql::catalog_insert_event)
                    .bind(":at_ms", now)
                    .bind(":kind", event.kind)
                    .bind(":job_id", event.job_id)
                    .bind(":project_id", event.project_id)
                    .bind(":source_id", event.source_id)
                    .run());
    const std::int64_t id = tx.last_insert_rowid();
    ARCHAEO_TRY(count_minutes(tx, id, now));
    if (id % trim_every != 0 || id <= events_kept) return {};
    return Query(tx, sql::catalog_trim_events).bind(":up_to", id - events_kept).run();
}

Result<std::vector<Event>> events(Connection& tx, const EventSelection& selection) {
    std::vector<Event> found;
    Query query(tx, sql::catalog_list_events);
    query.bind(":after", selection.after)
        .bind(":limit", selection.limit)
        .bind(":job_id", selection.job_id)
        .bind(":project_id", selection.project_id);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return found;
        Event event{query.integer(0), query.time(1), std::string(query.text(2)), {}, {}, {}};
        if (const auto id = query.optional_uuid(3)) event.job_id = JobId(*id);
        if (!query.is_null(4)) event.project_id = query.id<ProjectId>(4);
        if (!query.is_null(5)) event.source_id = query.id<SourceId>(5);
        found.push_back(std::move(event));
    }
}

Result<EventBounds> event_bounds(Connection& tx) {
    Query query(tx, sql::catalog_event_bounds);
    ARCHAEO_TRY(query.step());
    if (query.is_null(1)) return EventBounds{};
    const std::int64_t newest = query.integer(1);
    return EventBounds{.oldest_id = query.is_null(0) ? newest + 1 : query.integer(0), .newest_id = newest};
}

Result<std::optional<std::string>> quick_check(Connection& tx, std::chrono::milliseconds time_max) {
    using Clock = std::chrono::steady_clock;
    constexpr int steps_between_looks = 10'000;
    struct Limit {
        Clock::time_point end;
        bool is_reached = false;
    } limit{Clock::now() + time_max};
    const auto look = [](void* target) {
        auto& self = *static_cast<Limit*>(target);
        self.is_reached = Clock::now() >= self.end;
        return self.is_reached ? 1 : 0;
    };
    sqlite3_progress_handler(tx.handle(), steps_between_looks, look, &limit);
    Result<std::optional<std::string>> answer = std::optional<std::string>();
    {
        Query query(tx, sql::catalog_quick_check);
        const auto row = query.step();
        if (row) {
            answer = std::optional(std::string(query.text(0)));
        } else if (!limit.is_reached) {
            answer = row.error();
        }
    }
    sqlite3_progress_handler(tx.handle(), 0, nullptr, nullptr);
    return answer;
}

}  // namespace archaeologist::catalog
