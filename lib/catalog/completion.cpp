#include "catalog/completion.hpp"

#include <algorithm>
#include <vector>

#include "archaeologist/source.hpp"
#include "catalog/file_job.hpp"
#include "catalog/models.hpp"
#include "sql/catalog_activate_generation.hpp"
#include "sql/catalog_describe_source.hpp"
#include "sql/catalog_fail_source.hpp"
#include "sql/catalog_insert_generation.hpp"
#include "sql/catalog_insert_unused_generation.hpp"
#include "sql/catalog_retire_generations.hpp"
#include "sql/catalog_strand_source.hpp"

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

Result<bool> activate(Connection& tx, SourceId source, const FileResult& result,
                      const std::optional<GenerationId>& generation) {
    Query query(tx, sql::catalog_activate_generation);
    query.bind(":source_id", source)
        .bind(":version", result.version)
        .bind(":generation", generation)
        .bind(":text_hash", result.text_hash)
        .bind(":chunks", result.chunks);
    return query.step();
}

Status describe(Connection& tx, SourceId source, const FileResult& result, TimePoint now) {
    const auto status = result.chunks > 0 ? SourceStatus::searchable : SourceStatus::unsupported;
    return Query(tx, sql::catalog_describe_source)
        .bind(":source_id", source)
        .bind(":version", result.version)
        .bind(":status", to_string(status))
        .bind(":reason", result.reason)
        .bind(":file_type", result.file_type)
        .bind(":content_type", result.content_type)
        .bind(":language", result.language)
        .bind(":charset", result.charset)
        .bind(":replaced_bytes", result.replaced_bytes)
        .bind(":now_ms", now)
        .run();
}

// What a result has of one model. Where there is nothing to search, that holds for every model.
struct MadeFor {
    std::string_view model;
    std::optional<GenerationId> generation;
};

std::optional<MadeFor> made_for(const FileResult& result, std::string_view model) {
    if (!result.generation) return MadeFor{model, std::nullopt};
    if (result.model_id == model) return MadeFor{model, result.generation};
    if (result.other && result.other->model_id == model) return MadeFor{model, result.other->generation};
    return std::nullopt;
}

// The model's generation is the source's only one from now on.
Status keep_only(Connection& tx, SourceId source, const FileResult& result, const MadeFor& made, TimePoint now) {
    if (made.generation) {
        ARCHAEO_TRY(Query(tx, sql::catalog_insert_generation)
                        .bind(":source_id", source)
                        .bind(":generation", *made.generation)
                        .bind(":version", result.version)
                        .bind(":chunks", result.chunks)
                        .bind(":model_id", made.model)
                        .run());
    }
    return Query(tx, sql::catalog_retire_generations)
        .bind(":source_id", source)
        .bind(":model_id", made.model)
        .bind(":generation", made.generation)
        .bind(":now_ms", now)
        .run();
}

// Chunks of models that nobody waits for are in the store and must be erased some time; so must those that came too late.
Status retire_unused(Connection& tx, SourceId source, const FileResult& result,
                     const std::vector<std::string_view>& used, TimePoint now) {
    std::vector<MadeFor> made;
    if (result.generation) made.push_back({result.model_id, result.generation});
    if (result.other) made.push_back({result.other->model_id, result.other->generation});
    for (const MadeFor& one : made) {
        if (std::find(used.begin(), used.end(), one.model) != used.end()) continue;
        ARCHAEO_TRY(Query(tx, sql::catalog_insert_unused_generation)
                        .bind(":source_id", source)
                        .bind(":generation", *one.generation)
                        .bind(":version", result.version)
                        .bind(":chunks", result.chunks)
                        .bind(":model_id", one.model)
                        .bind(":now_ms", now)
                        .run());
    }
    return {};
}

// For the model that is to take the project's place. False: it is not of use.
Result<bool> record_for_next(Connection& tx, SourceId source, const FileResult& result, const ProjectModels& models,
                             TimePoint now) {
    if (!models.next) return false;
    const auto made = made_for(result, *models.next);
    if (!made) return false;
    ARCHAEO_ASSIGN(const bool recorded, record_next(tx, source, *models.next, result, made->generation));
    if (recorded) ARCHAEO_TRY(keep_only(tx, source, result, *made, now));
    return recorded;
}

std::string superseded(FileResult result) {
    result.reason = "superseded";
    return to_json(result);
}

Status strand(Connection& tx, SourceId source, const FileResult& result, const ProjectModels& models, TimePoint now) {
    return Query(tx, sql::catalog_strand_source)
        .bind(":source_id", source)
        .bind(":version", result.version)
        .bind(":reason", "was embedded with " + result.model_id + ", search uses " + models.search +
                             ": process it again, with all workers on one model")
        .bind(":now_ms", now)
        .run();
}

}  // namespace

Result<std::string> record_completion(Connection& tx, const EndedJob& job, std::string result_data, TimePoint now) {
    if (job.job_type != file_processing || !job.source_id) return result_data;
    const SourceId source = *job.source_id;
    ARCHAEO_ASSIGN(FileResult result, parse_file_result(result_data));
    const auto found = source_models(tx, source);
    if (!found && found.error().code != Code::not_found) return found.error();
    if (!found) return superseded(std::move(result));
    const ProjectModels& models = *found;
    if (result.model_id.empty()) result.model_id = models.search;
    std::vector<std::string_view> used;

    const auto made = made_for(result, models.search);
    bool has_flipped = false;
    if (made && result.for_model.empty()) {
        ARCHAEO_ASSIGN(has_flipped, activate(tx, source, result, made->generation));
    }
    if (has_flipped) {
        used.push_back(models.search);
        ARCHAEO_TRY(keep_only(tx, source, result, *made, now));
        ARCHAEO_TRY(describe(tx, source, result, now));
    }
    ARCHAEO_ASSIGN(const bool is_next, record_for_next(tx, source, result, models, now));
    if (is_next) used.push_back(*models.next);
    ARCHAEO_TRY(retire_unused(tx, source, result, used, now));
    if (has_flipped || is_next) return result_data;
    if (!made && result.for_model.empty()) ARCHAEO_TRY(strand(tx, source, result, models, now));
    return superseded(std::move(result));
}

Status record_failure(Connection& tx, const EndedJob& job, std::string_view message, TimePoint now) {
    if (job.job_type != file_processing || !job.source_id) return {};
    ARCHAEO_TRY(fail_next(tx, *job.source_id, job.id, message));
    return Query(tx, sql::catalog_fail_source)
        .bind(":source_id", *job.source_id)
        .bind(":job_id", job.id)
        .bind(":reason", message)
        .bind(":now_ms", now)
        .run();
}

}  // namespace archaeologist::catalog
