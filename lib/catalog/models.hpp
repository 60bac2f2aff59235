// Models: whose vectors a project's search uses, and how another takes its place.
//
// A project has one model that search uses. Where another is wanted, every source is embedded for that one beside
// (next_generations), by jobs of its own or along with a new version; once all are there one transaction switches. Until
// then, and when it is abandoned, search sees what it saw.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/id.hpp"
#include "archaeologist/project.hpp"
#include "archaeologist/result.hpp"
#include "catalog/file_job.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::catalog {

struct KnownModel {
    std::string id;
    std::size_t dimension = 0;
    std::string setting;   // as a person named it: "builtin", the URL of a server; empty = a program brought it
    std::string resolved;  // the same with all that was found out
};

// Whose vectors are made now.
[[nodiscard]] Result<KnownModel> wanted_model(sqlite::Connection& tx);
[[nodiscard]] Result<std::optional<KnownModel>> model(sqlite::Connection& tx, std::string_view id);
[[nodiscard]] Result<std::optional<KnownModel>> model_of_setting(sqlite::Connection& tx, std::string_view setting);
[[nodiscard]] Result<std::vector<KnownModel>> models(sqlite::Connection& tx);

// From now on its vectors are made; projects with another model begin to change, and what was begun for a third is given up:
// returns the jobs that are not to be done any more. Idempotent.
[[nodiscard]] Result<std::vector<JobId>> want_model(sqlite::Connection& tx, const KnownModel& model, TimePoint now);
// The same for one project, after what it says of external models changed.
[[nodiscard]] Result<std::vector<JobId>> choose_model_of(sqlite::Connection& tx, ProjectId project, TimePoint now);

// Jobs that embed a project's files and have not ended. O(jobs).
[[nodiscard]] Result<std::vector<JobId>> unfinished_file_jobs(sqlite::Connection& tx, ProjectId project);

struct ProjectModels {
    std::string search;
    std::size_t search_dimension = 0;
    std::optional<std::string> next;
    ExternalModels external_models = ExternalModels::allowed;
};
// Errors: not_found.
[[nodiscard]] Result<ProjectModels> project_models(sqlite::Connection& tx, ProjectId project);
[[nodiscard]] Result<ProjectModels> source_models(sqlite::Connection& tx, SourceId source);
struct SearchModel {
    std::string id;
    ExternalModels external_models = ExternalModels::allowed;
    auto operator<=>(const SearchModel&) const = default;
};
[[nodiscard]] Result<std::map<ProjectId, SearchModel>> search_models(sqlite::Connection& tx);
[[nodiscard]] Result<std::vector<ProjectId>> changing_projects(sqlite::Connection& tx);

// One step of a project's change: jobs for sources that the next model lacks, so many that at most `waiting_max` wait; or,
// where it lacks none, the switch.
struct ChangeStep {
    std::size_t jobs = 0;
    bool has_switched = false;
};
[[nodiscard]] Result<ChangeStep> continue_change(sqlite::Connection& tx, ProjectId project, std::size_t waiting_max,
                                                 TimePoint now);

struct ChangeProgress {
    std::int64_t made = 0;
    std::int64_t waiting = 0;
    std::int64_t failed = 0;
    std::string failure;  // "NAME: why", of one that failed
};
[[nodiscard]] Result<ChangeProgress> change_progress(sqlite::Connection& tx, ProjectId project);

// What was made for a project's next model. False: a newer version is there, or the source is gone.
[[nodiscard]] Result<bool> record_next(sqlite::Connection& tx, SourceId source, std::string_view model,
                                       const FileResult& result, const std::optional<GenerationId>& generation);
[[nodiscard]] Status fail_next(sqlite::Connection& tx, SourceId source, JobId job, std::string_view reason);

// Models that a project has left, and of which nothing is read any more.
struct StaleModel {
    ProjectId project_id{};
    std::string model_id;
};
[[nodiscard]] Result<std::vector<StaleModel>> stale_models(sqlite::Connection& tx, TimePoint before);
// At most `limit` of what it had; returns how many.
[[nodiscard]] Result<std::int64_t> forget_stale(sqlite::Connection& tx, const StaleModel& stale, std::size_t limit);

}  // namespace archaeologist::catalog
