#include "source.hpp"

#include "engine_state.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

namespace {

constexpr std::size_t content_bytes_max = 1 << 30;

Result<std::optional<SourceStatus>> source_status(int32_t given) {
    if (given == 0) return std::optional<SourceStatus>();
    if (given < ARCHAEO_SOURCE_PENDING || given > ARCHAEO_SOURCE_FAILED) {
        return bad_number("status", given, "must be an ARCHAEO_SOURCE_..., or 0");
    }
    return std::optional(static_cast<SourceStatus>(given - 1));
}

Result<std::string> read_content(Engine& engine, SourceId id, ContentForm form, std::uint64_t offset,
                                 std::size_t size_max) {
    if (size_max > content_bytes_max) {
        return Error{Code::too_large, "size_max is " + std::to_string(size_max) + ", must be at most 1 GiB"};
    }
    ARCHAEO_ASSIGN(const auto blob, engine.content(id, form));
    if (offset >= blob->size()) return std::string();
    std::string content(static_cast<std::size_t>(std::min<std::uint64_t>(size_max, blob->size() - offset)), '\0');
    ARCHAEO_ASSIGN(const std::size_t size, blob->read_at(offset, content));
    content.resize(size);
    return content;
}

int32_t give_content(archaeo_engine* engine, int64_t source_id, ContentForm form, uint64_t offset, size_t size_max,
                     archaeo_buffer** content_out, archaeo_error** error_out) {
    clear(content_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("content_out", content_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto content, read_content(*call, SourceId{source_id}, form, offset, size_max));
        *content_out = make_handle<archaeo_buffer>(std::move(content));
        return {};
    });
}

}  // namespace

extern "C" {

int32_t archaeo_source_get(archaeo_engine* engine, int64_t source_id, archaeo_source** source_out,
                           archaeo_error** error_out) {
    clear(source_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("source_out", source_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto source, call->source(SourceId{source_id}));
        *source_out = make_handle<archaeo_source>(std::move(source));
        return {};
    });
}

int32_t archaeo_source_list(archaeo_engine* engine, int64_t project_id, int32_t status, int64_t page,
                            archaeo_source** sources_out, size_t capacity, size_t* count_out, int64_t* total_out,
                            archaeo_error** error_out) {
    clear(count_out);
    clear(total_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("count_out", count_out));
        ARCHAEO_TRY(require_pointer("sources_out", sources_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        SourceFilter filter;
        filter.project_id = ProjectId{project_id};
        ARCHAEO_ASSIGN(filter.status, source_status(status));
        filter.page = page;
        ARCHAEO_ASSIGN(filter.per_page, page_size(capacity));
        ARCHAEO_ASSIGN(auto found, call->sources(filter));
        HandleList<archaeo_source> handles;
        for (auto& source : found.sources) handles.add(std::move(source));
        give(total_out, found.total);
        *count_out = handles.give_all(sources_out);
        return {};
    });
}

int32_t archaeo_source_delete(archaeo_engine* engine, int64_t source_id, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        return call->delete_source(SourceId{source_id});
    });
}

int32_t archaeo_source_set_metadata(archaeo_engine* engine, int64_t source_id, const char* metadata_json,
                                    archaeo_source** source_out, archaeo_error** error_out) {
    clear(source_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const std::string metadata, text("metadata_json", metadata_json, 1 << 20));
        ARCHAEO_ASSIGN(auto source, call->set_metadata(SourceId{source_id}, metadata));
        if (source_out != nullptr) *source_out = make_handle<archaeo_source>(std::move(source));
        return {};
    });
}

int32_t archaeo_source_reprocess(archaeo_engine* engine, int64_t source_id, int32_t priority, archaeo_job** job_out,
                                 archaeo_error** error_out) {
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const Priority known, capi::priority(priority));
        ARCHAEO_ASSIGN(auto reply, call->reprocess(SourceId{source_id}, known));
        give_upload(std::move(reply), call->clock().now(), nullptr, job_out);
        return {};
    });
}

int32_t archaeo_source_content(archaeo_engine* engine, int64_t source_id, uint64_t offset, size_t size_max,
                               archaeo_buffer** content_out, archaeo_error** error_out) {
    return give_content(engine, source_id, ContentForm::original, offset, size_max, content_out, error_out);
}

int32_t archaeo_source_text(archaeo_engine* engine, int64_t source_id, uint64_t offset, size_t size_max,
                            archaeo_buffer** text_out, archaeo_error** error_out) {
    return give_content(engine, source_id, ContentForm::text, offset, size_max, text_out, error_out);
}

int32_t archaeo_source_chunks(archaeo_engine* engine, int64_t source_id, int64_t page, int64_t per_page,
                              archaeo_buffer** chunks_out, archaeo_error** error_out) {
    clear(chunks_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("chunks_out", chunks_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto chunks, call->chunks(SourceId{source_id}, page, per_page));
        *chunks_out = make_handle<archaeo_buffer>(to_json(chunks));
        return {};
    });
}

int64_t archaeo_source_id(const archaeo_source* source) {
    return number_of(source, [](const archaeo_source& one) { return to_integer(one.source.id); });
}

int64_t archaeo_source_project_id(const archaeo_source* source) {
    return number_of(source, [](const archaeo_source& one) { return to_integer(one.source.project_id); });
}

archaeo_str archaeo_source_filename(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.source.filename; });
}

int64_t archaeo_source_version(const archaeo_source* source) {
    return number_of(source, [](const archaeo_source& one) { return one.source.version; });
}

archaeo_str archaeo_source_content_hash(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.content_hash; });
}

uint64_t archaeo_source_file_size(const archaeo_source* source) {
    return number_of(source, [](const archaeo_source& one) { return one.source.file_size; });
}

archaeo_str archaeo_source_file_type(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.source.file_type; });
}

archaeo_str archaeo_source_language(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.source.language; });
}

archaeo_str archaeo_source_metadata(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.source.metadata; });
}

int32_t archaeo_source_status(const archaeo_source* source) {
    return number_of(source, [](const archaeo_source& one) { return static_cast<int32_t>(one.source.status) + 1; });
}

archaeo_str archaeo_source_reason(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.source.reason; });
}

uint64_t archaeo_source_chunk_count(const archaeo_source* source) {
    return number_of(source, [](const archaeo_source& one) { return one.source.chunks; });
}

archaeo_str archaeo_source_job_id(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.job_id; });
}

archaeo_str archaeo_source_json(const archaeo_source* source) {
    return text_of(source, [](const archaeo_source& one) -> const std::string& { return one.json; });
}

void archaeo_source_free(archaeo_source* source) { free_handle(source); }

}  // extern "C"
