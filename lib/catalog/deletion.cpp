#include "catalog/deletion.hpp"

#include <string>

#include "sql/catalog_add_late_erasure.hpp"
#include "sql/catalog_delete_source.hpp"
#include "sql/catalog_deleted_projects.hpp"
#include "sql/catalog_forget_late_erasures.hpp"
#include "sql/catalog_has_old_late_erasure.hpp"
#include "sql/catalog_late_erasures.hpp"
#include "sql/catalog_mark_project_deleted.hpp"
#include "sql/catalog_remove_fairness.hpp"
#include "sql/catalog_remove_generations.hpp"
#include "sql/catalog_remove_job_counts.hpp"
#include "sql/catalog_remove_next_generation.hpp"
#include "sql/catalog_remove_next_generations.hpp"
#include "sql/catalog_remove_project.hpp"
#include "sql/catalog_remove_project_lanes.hpp"
#include "sql/catalog_remove_project_limits.hpp"
#include "sql/catalog_remove_project_periodic.hpp"
#include "sql/catalog_remove_source_counts.hpp"
#include "sql/catalog_remove_sources.hpp"
#include "sql/catalog_remove_versions.hpp"
#include "sql/catalog_retire_source.hpp"

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

Error missing(std::string_view thing, std::int64_t id) {
    return {Code::not_found, std::string(thing) + " " + std::to_string(id) + " does not exist"};
}

}  // namespace

Status mark_project_deleted(Connection& tx, ProjectId id, TimePoint now) {
    {
        Query query(tx, sql::catalog_mark_project_deleted);
        query.bind(":id", id).bind(":now_ms", now);
        ARCHAEO_ASSIGN(const bool marked, query.step());
        if (!marked) return missing("project", to_integer(id));
        ARCHAEO_TRY(query.run());
    }
    return add_late_erasure(tx, {id, std::nullopt}, now);
}

Result<std::vector<ProjectId>> deleted_projects(Connection& tx, TimePoint before) {
    std::vector<ProjectId> ids;
    Query query(tx, sql::catalog_deleted_projects);
    query.bind(":before_ms", before);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return ids;
        ids.push_back(query.id<ProjectId>(0));
    }
}

Result<std::int64_t> remove_sources(Connection& tx, ProjectId project, std::int64_t limit) {
    for (const char* statement : {sql::catalog_remove_versions, sql::catalog_remove_generations,
                                  sql::catalog_remove_next_generations, sql::catalog_remove_sources}) {
        ARCHAEO_TRY(Query(tx, statement).bind(":project_id", project).bind(":limit", limit).run());
    }
    return tx.changes();
}

Status remove_project(Connection& tx, ProjectId id) {
    for (const char* statement :
         {sql::catalog_remove_project_periodic, sql::catalog_remove_project_limits, sql::catalog_remove_project_lanes,
          sql::catalog_remove_job_counts, sql::catalog_remove_source_counts, sql::catalog_remove_fairness}) {
        ARCHAEO_TRY(Query(tx, statement).bind(":project_id", id).run());
    }
    return Query(tx, sql::catalog_remove_project).bind(":id", id).run();
}

Status delete_source(Connection& tx, SourceId id, TimePoint now) {
    {
        Query query(tx, sql::catalog_delete_source);
        query.bind(":id", id).bind(":now_ms", now);
        ARCHAEO_ASSIGN(const bool deleted, query.step());
        if (!deleted) return missing("source", to_integer(id));
        ARCHAEO_TRY(query.run());
    }
    ARCHAEO_TRY(Query(tx, sql::catalog_remove_next_generation).bind(":source_id", id).run());
    return Query(tx, sql::catalog_retire_source).bind(":source_id", id).bind(":now_ms", now).run();
}

Status add_late_erasure(Connection& tx, const LateErasure& late, TimePoint now) {
    return Query(tx, sql::catalog_add_late_erasure)
        .bind(":project_id", late.project_id)
        .bind(":source_id", late.source_id.value_or(SourceId{0}))
        .bind(":now_ms", now)
        .run();
}

Result<std::vector<LateErasure>> late_erasures(Connection& tx, TimePoint before) {
    std::vector<LateErasure> all;
    Query query(tx, sql::catalog_late_erasures);
    query.bind(":before_ms", before);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        LateErasure late{query.id<ProjectId>(0), std::nullopt};
        if (query.integer(1) != 0) late.source_id = query.id<SourceId>(1);
        all.push_back(late);
    }
}

Result<bool> has_old_late_erasure(Connection& tx, TimePoint before) {
    Query query(tx, sql::catalog_has_old_late_erasure);
    query.bind(":before_ms", before);
    return query.step();
}

Status forget_late_erasures(Connection& tx, TimePoint before) {
    return Query(tx, sql::catalog_forget_late_erasures).bind(":before_ms", before).run();
}

}  // namespace archaeologist::catalog
