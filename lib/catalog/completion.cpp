#include "catalog/completion.hpp"

#include "archaeologist/source.hpp"
#include "catalog/file_job.hpp"
#include "sql/catalog_activate_generation.hpp"
#include "sql/catalog_describe_source.hpp"
#include "sql/catalog_fail_source.hpp"
#include "sql/catalog_insert_generation.hpp"
#include "sql/catalog_retire_generations.hpp"

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

Result<bool> activate(Connection& tx, SourceId source, const FileResult& result) {
    Query query(tx, sql::catalog_activate_generation);
    query.bind(":source_id", source)
        .bind(":version", result.version)
        .bind(":generation", result.generation)
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

// A superseded generation is retired as it arrives: its chunks are in the store and must be erased some time.
Status note_generation(Connection& tx, SourceId source, const FileResult& result, std::optional<TimePoint> retired_at) {
    if (!result.generation) return {};
    return Query(tx, sql::catalog_insert_generation)
        .bind(":source_id", source)
        .bind(":generation", *result.generation)
        .bind(":version", result.version)
        .bind(":chunks", result.chunks)
        .bind(":retired_at_ms", retired_at)
        .run();
}

}  // namespace

Result<std::string> record_completion(Connection& tx, const EndedJob& job, std::string result_data, TimePoint now) {
    if (job.job_type != file_processing || !job.source_id) return result_data;
    ARCHAEO_ASSIGN(FileResult result, parse_file_result(result_data));
    ARCHAEO_ASSIGN(const bool flipped, activate(tx, *job.source_id, result));
    ARCHAEO_TRY(note_generation(tx, *job.source_id, result, flipped ? std::nullopt : std::optional(now)));
    if (!flipped) {
        result.reason = "superseded";
        return to_json(result);
    }
    ARCHAEO_TRY(Query(tx, sql::catalog_retire_generations)
                    .bind(":source_id", *job.source_id)
                    .bind(":generation", result.generation)
                    .bind(":now_ms", now)
                    .run());
    ARCHAEO_TRY(describe(tx, *job.source_id, result, now));
    return result_data;
}

Status record_failure(Connection& tx, const EndedJob& job, std::string_view message, TimePoint now) {
    if (job.job_type != file_processing || !job.source_id) return {};
    return Query(tx, sql::catalog_fail_source)
        .bind(":source_id", *job.source_id)
        .bind(":job_id", job.id)
        .bind(":reason", message)
        .bind(":now_ms", now)
        .run();
}

}  // namespace archaeologist::catalog
