// Deleting projects and sources: what goes at once, what goes bit by bit, and what workers may write of it afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "archaeologist/id.hpp"
#include "archaeologist/result.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::catalog {

// From here on there is no such project: it is in no list, accepts nothing, its name can be given again. Its id is not.
// Errors: not_found.
[[nodiscard]] Status mark_project_deleted(sqlite::Connection& tx, ProjectId id, TimePoint now);
// Projects marked before a moment whose rows are not all removed yet.
[[nodiscard]] Result<std::vector<ProjectId>> deleted_projects(sqlite::Connection& tx, TimePoint before);
// At most `limit` of a project's sources, with their versions and generations; their jobs must be gone. Returns how many.
[[nodiscard]] Result<std::int64_t> remove_sources(sqlite::Connection& tx, ProjectId project, std::int64_t limit);
// The last step, once sources and jobs are gone. Idempotent.
[[nodiscard]] Status remove_project(sqlite::Connection& tx, ProjectId id);

// Out of search and lists at once. Errors: not_found.
[[nodiscard]] Status delete_source(sqlite::Connection& tx, SourceId id, TimePoint now);

// What a worker that does not know of the deletion yet may still be writing chunks of.
struct LateErasure {
    ProjectId project_id{};
    std::optional<SourceId> source_id;  // nothing: the whole project
};
[[nodiscard]] Status add_late_erasure(sqlite::Connection& tx, const LateErasure& late, TimePoint now);
// Those noted before a moment, without sources that are there again.
[[nodiscard]] Result<std::vector<LateErasure>> late_erasures(sqlite::Connection& tx, TimePoint before);
// Whether forget_late_erasures would find any.
[[nodiscard]] Result<bool> has_old_late_erasure(sqlite::Connection& tx, TimePoint before);
[[nodiscard]] Status forget_late_erasures(sqlite::Connection& tx, TimePoint before);

}  // namespace archaeologist::catalog
