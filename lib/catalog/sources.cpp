#include "catalog/sources.hpp"

#include <array>

#include "archaeologist/json.hpp"
#include "catalog/catalog.hpp"
#include "catalog/file_job.hpp"
#include "catalog/jobs.hpp"
#include "catalog/models.hpp"
#include "sql/catalog_active_source.hpp"
#include "sql/catalog_forget_generation.hpp"
#include "sql/catalog_get_source.hpp"
#include "sql/catalog_insert_source.hpp"
#include "sql/catalog_insert_version.hpp"
#include "sql/catalog_known_source.hpp"
#include "sql/catalog_list_sources.hpp"
#include "sql/catalog_oldest_and_newest_content.hpp"
#include "sql/catalog_processed_since.hpp"
#include "sql/catalog_retired_generations.hpp"
#include "sql/catalog_set_metadata.hpp"
#include "sql/catalog_source_counts.hpp"
#include "sql/catalog_update_source.hpp"

namespace archaeologist {
namespace {

constexpr std::array<std::string_view, 4> source_status_names{"pending", "searchable", "unsupported", "failed"};

}  // namespace

std::string_view to_string(SourceStatus status) { return source_status_names[static_cast<std::size_t>(status)]; }

std::optional<SourceStatus> parse_source_status(std::string_view text) {
    for (std::size_t i = 0; i < source_status_names.size(); ++i) {
        if (source_status_names[i] == text) return static_cast<SourceStatus>(i);
    }
    return std::nullopt;
}

std::string to_json(const Source& source) {
    JsonWriter json;
    json.begin_object()
        .field("id", to_integer(source.id))
        .field("project_id", to_integer(source.project_id))
        .field("filename", source.filename)
        .field("original_filename", source.original_filename)
        .field("version", source.version)
        .field("content_hash", source.content_hash.hex())
        .field("file_size", source.file_size)
        .field("file_type", source.file_type)
        .field("content_type", source.content_type)
        .field("language", source.language)
        .field("charset", source.charset)
        .field("replaced_bytes", source.replaced_bytes)
        .field("uploaded_by", to_integer(source.uploaded_by))
        .field("created_at", to_rfc3339(source.created_at))
        .field("updated_at", to_rfc3339(source.updated_at));
    json.key("metadata").raw(source.metadata);
    json.field("status", to_string(source.status)).field("reason", source.reason).field("chunks", source.chunks);
    json.key("active_version");
    source.active_version ? json.value(*source.active_version) : json.null();
    json.key("active_generation");
    source.active_generation ? json.value(source.active_generation->text()) : json.null();
    json.field("job_id", source.job_id.text()).end_object();
    return std::move(json).text();
}

}  // namespace archaeologist

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;

ContentHash hash_of(std::string_view bytes) {
    ContentHash hash;
    bytes.copy(reinterpret_cast<char*>(hash.bytes.data()), hash.bytes.size());
    return hash;
}

// The order is that of the view live_sources.
Source source_row(const Query& row) {
    Source source;
    source.id = row.id<SourceId>(0);
    source.project_id = row.id<ProjectId>(1);
    source.filename = row.text(2);
    source.original_filename = row.text(3);
    source.version = row.integer(4);
    source.content_hash = hash_of(row.bytes(5));
    source.file_size = static_cast<std::uint64_t>(row.integer(6));
    source.file_type = row.text(7);
    source.content_type = row.text(8);
    source.language = row.text(9);
    source.charset = row.text(10);
    source.replaced_bytes = static_cast<std::uint64_t>(row.integer(11));
    source.uploaded_by = row.id<UserId>(12);
    source.created_at = row.time(13);
    source.updated_at = row.time(14);
    source.metadata = row.text(15);
    source.status = parse_source_status(row.text(16)).value_or(SourceStatus::pending);
    source.reason = row.text(17);
    source.chunks = static_cast<std::uint64_t>(row.integer(18));
    if (!row.is_null(19)) source.active_version = row.integer(19);
    if (const auto id = row.optional_uuid(20)) source.active_generation = GenerationId(*id);
    source.job_id = JobId(row.uuid(21));
    return source;
}

struct KnownRow {
    KnownSource source;
    bool deleted = false;
};

Result<std::optional<KnownRow>> known_row(Connection& tx, ProjectId project, std::string_view name) {
    Query query(tx, sql::catalog_known_source);
    query.bind(":project_id", project).bind(":name", name);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return std::optional<KnownRow>();
    return std::optional(KnownRow{{query.id<SourceId>(0), query.integer(1), hash_of(query.bytes(2)),
                                   static_cast<std::uint64_t>(query.integer(3))},
                                  !query.is_null(4)});
}

void bind_upload(Query& query, const NewVersion& upload, JobId job, TimePoint now) {
    query.bind(":original_name", upload.original_filename)
        .bind(":content_hash", upload.content_hash)
        .bind(":size_bytes", upload.size_bytes)
        .bind(":user_id", upload.user_id)
        .bind(":now_ms", now)
        .bind(":metadata", upload.metadata)
        .bind(":job_id", job);
}

Result<SourceId> insert_source(Connection& tx, const NewVersion& upload, JobId job, TimePoint now) {
    Query query(tx, sql::catalog_insert_source);
    query.bind(":project_id", upload.project_id).bind(":name", upload.filename);
    bind_upload(query, upload, job, now);
    ARCHAEO_TRY(query.step());
    return query.id<SourceId>(0);
}

Status update_source(Connection& tx, SourceId id, std::int64_t version, const NewVersion& upload, JobId job,
                     TimePoint now) {
    Query query(tx, sql::catalog_update_source);
    query.bind(":id", id).bind(":version", version);
    bind_upload(query, upload, job, now);
    return query.run();
}

NewJob job_for(const NewVersion& upload, const AcceptedVersion& accepted, const ProjectModels& models) {
    NewJob job;
    job.id = *accepted.job_id;
    job.priority = upload.priority;
    job.project_id = upload.project_id;
    job.user_id = upload.user_id;
    job.source_id = accepted.source_id;
    job.retry_of = upload.retry_of;
    job.job_data = to_json(FileTask{upload.filename,
                                    accepted.version,
                                    upload.content_hash,
                                    upload.size_bytes,
                                    models.search,
                                    models.search_dimension,
                                    {},
                                    models.external_models});
    job.max_retries = upload.max_retries;
    job.timeout = upload.timeout;
    return job;
}

}  // namespace

Result<std::optional<KnownSource>> known_source(Connection& tx, ProjectId project, std::string_view name) {
    ARCHAEO_ASSIGN(const auto row, known_row(tx, project, name));
    if (!row || row->deleted) return std::optional<KnownSource>();
    return std::optional(row->source);
}

NewVersion same_again(const Source& source) {
    NewVersion again;
    again.project_id = source.project_id;
    again.filename = source.filename;
    again.original_filename = source.original_filename;
    again.content_hash = source.content_hash;
    again.size_bytes = source.file_size;
    again.metadata = source.metadata;
    again.user_id = source.uploaded_by;
    again.same_content = SameContent::process_again;
    return again;
}

Result<AcceptedVersion> accept(Connection& tx, const NewVersion& upload, TimePoint now) {
    ARCHAEO_TRY(require_project(tx, upload.project_id));
    ARCHAEO_ASSIGN(const auto known, known_row(tx, upload.project_id, upload.filename));
    AcceptedVersion accepted;
    if (known && !known->deleted && known->source.content_hash == upload.content_hash &&
        upload.same_content == SameContent::skip) {
        accepted.source_id = known->source.id;
        accepted.version = known->source.version;
        return accepted;
    }
    accepted.job_id = JobId(Uuid::v7(now));
    if (known) {
        accepted.source_id = known->source.id;
        accepted.version = known->source.version + 1;
        ARCHAEO_TRY(update_source(tx, accepted.source_id, accepted.version, upload, *accepted.job_id, now));
    } else {
        accepted.version = 1;
        ARCHAEO_ASSIGN(accepted.source_id, insert_source(tx, upload, *accepted.job_id, now));
    }
    ARCHAEO_TRY(Query(tx, sql::catalog_insert_version)
                    .bind(":source_id", accepted.source_id)
                    .bind(":version", accepted.version)
                    .bind(":content_hash", upload.content_hash)
                    .bind(":size_bytes", upload.size_bytes)
                    .bind(":user_id", upload.user_id)
                    .bind(":now_ms", now)
                    .run());
    ARCHAEO_ASSIGN(const ProjectModels models, project_models(tx, upload.project_id));
    ARCHAEO_TRY(insert_job(tx, job_for(upload, accepted, models), now));
    return accepted;
}

Result<Source> source(Connection& tx, SourceId id) {
    Query query(tx, sql::catalog_get_source);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return Error{Code::not_found, "source " + std::to_string(to_integer(id)) + " does not exist"};
    return source_row(query);
}

Result<Source> set_metadata(Connection& tx, SourceId id, std::string_view metadata, TimePoint now) {
    ARCHAEO_TRY(
        Query(tx, sql::catalog_set_metadata).bind(":id", id).bind(":metadata", metadata).bind(":now_ms", now).run());
    return source(tx, id);
}

Result<ContentHash> text_hash(Connection& tx, SourceId id) {
    Query query(tx, sql::catalog_get_source);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    const std::string name = "source " + std::to_string(to_integer(id));
    if (!row) return Error{Code::not_found, name + " does not exist"};
    if (query.is_null(22)) return Error{Code::not_found, name + " has no searchable text"};
    return hash_of(query.bytes(22));
}

Result<std::vector<Source>> list_sources(Connection& tx, ProjectId project, std::optional<SourceStatus> status,
                                         std::int64_t limit, std::int64_t offset) {
    std::vector<Source> sources;
    Query query(tx, sql::catalog_list_sources);
    query.bind(":project_id", project)
        .bind(":status", status ? std::optional(to_string(*status)) : std::nullopt)
        .bind(":limit", limit)
        .bind(":offset", offset);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return sources;
        sources.push_back(source_row(query));
    }
}

namespace {

Result<std::map<SourceStatus, StatusCount>> counts(Query& query) {
    std::map<SourceStatus, StatusCount> found;
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return found;
        if (const auto status = parse_source_status(query.text(0)))
            found[*status] = {query.integer(1), query.integer(2)};
    }
}

}  // namespace

Result<std::map<SourceStatus, StatusCount>> source_counts(Connection& tx, ProjectId project) {
    Query query(tx, sql::catalog_source_counts);
    query.bind(":project_id", project);
    return counts(query);
}

Result<std::map<SourceStatus, StatusCount>> processed_since(Connection& tx, ProjectId project, TimePoint since) {
    Query query(tx, sql::catalog_processed_since);
    query.bind(":project_id", project).bind(":since_ms", since);
    return counts(query);
}

Result<std::optional<ActiveSource>> active_source(Connection& tx, SourceId id) {
    Query query(tx, sql::catalog_active_source);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return std::optional<ActiveSource>();
    ActiveSource source{query.id<ProjectId>(0), std::string(query.text(1)), {}};
    if (const auto generation = query.optional_uuid(2)) source.generation = GenerationId(*generation);
    return std::optional(std::move(source));
}

Result<std::vector<ContentHash>> oldest_and_newest_content(Connection& tx) {
    std::vector<ContentHash> hashes;
    Query query(tx, sql::catalog_oldest_and_newest_content);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return hashes;
        hashes.push_back(hash_of(query.bytes(0)));
    }
}

Result<std::vector<RetiredGeneration>> retired_generations(Connection& tx, TimePoint before, std::size_t limit) {
    std::vector<RetiredGeneration> retired;
    Query query(tx, sql::catalog_retired_generations);
    query.bind(":before_ms", before).bind(":limit", limit);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return retired;
        retired.push_back(
            {query.id<ProjectId>(0), query.id<SourceId>(1), GenerationId(query.uuid(2)), std::string(query.text(3))});
    }
}

Status forget_generation(Connection& tx, const RetiredGeneration& retired) {
    return Query(tx, sql::catalog_forget_generation)
        .bind(":source_id", retired.source_id)
        .bind(":generation", retired.generation)
        .run();
}

}  // namespace archaeologist::catalog
