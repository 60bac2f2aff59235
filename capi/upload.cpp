#include <mutex>
#include <utility>

#include "archaeologist/lake.hpp"
#include "engine_state.hpp"
#include "source.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

// An upload bit by bit. Its lock keeps misuse by several threads at once from doing harm.
struct archaeo_upload final : Handle, Dependent {
    static constexpr bool is_bound = true;
    archaeo_upload(std::shared_ptr<EngineState> of, UploadRequest what, std::unique_ptr<BlobWriter> under_way)
        : state(std::move(of)), request(std::move(what)), writer(std::move(under_way)) {}

    // The blob under way is the engine's lake's.
    void engine_closes() override {
        const std::lock_guard lock(mutex);
        writer.reset();
    }

    const std::shared_ptr<EngineState> state;
    const UploadRequest request;
    std::mutex mutex;
    std::unique_ptr<BlobWriter> writer;  // null once finished, aborted or failed
    bool is_finished = false;
};

namespace {

// What is to be stored, until the engine closes.
class ClosingSource final : public ByteSource {
public:
    ClosingSource(const Call& call, ByteSource& bytes) : call_(call), bytes_(bytes) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
        if (call_.engine_closes()) return closed_meanwhile();
        return bytes_.read(buffer);
    }

private:
    const Call& call_;
    ByteSource& bytes_;
};

Result<UploadRequest> upload_request(int64_t project_id, std::string filename, const archaeo_upload_options* given) {
    ARCHAEO_ASSIGN(const auto known, options("options", given));
    UploadRequest request;
    request.project_id = ProjectId{project_id};
    request.filename = std::move(filename);
    ARCHAEO_ASSIGN(request.priority, priority(known.priority));
    ARCHAEO_ASSIGN(request.max_retries,
                   count_or_none("max_retries", known.max_retries, JobLimits::retries_max, request.max_retries));
    ARCHAEO_ASSIGN(request.timeout, whole("timeout_ms", known.timeout_ms, week_ms, request.timeout));
    ARCHAEO_ASSIGN(request.if_unchanged, if_unchanged(known.if_unchanged));
    ARCHAEO_ASSIGN(request.original_filename, text_or("original_filename", known.original_filename, ""));
    ARCHAEO_ASSIGN(request.metadata, text_or("metadata_json", known.metadata_json, "{}", 1 << 20));
    if (known.user_id != 0) request.user_id = UserId{known.user_id};
    return request;
}

Error no_longer(const archaeo_upload& upload) {
    return {Code::conflict, "upload of \"" + upload.request.filename + "\" " +
                                (upload.is_finished ? "is finished" : "was aborted, or has failed")};
}

Status append(archaeo_upload& upload, std::string_view content) {
    const std::lock_guard lock(upload.mutex);
    if (!upload.writer) return no_longer(upload);
    auto written = upload.writer->write(content);
    if (!written) upload.writer.reset();
    return written;
}

Result<UploadReply> finish(archaeo_upload& upload, Engine& engine) {
    const std::lock_guard lock(upload.mutex);
    if (!upload.writer) return no_longer(upload);
    StoredFile file{upload.request, {}};
    auto blob = std::exchange(upload.writer, nullptr)->finish();
    if (!blob) return blob.error();
    file.blob = *blob;
    ARCHAEO_ASSIGN(auto replies, engine.accept({&file, 1}));
    upload.is_finished = true;
    return std::move(replies.front());
}

Result<std::string> upload_name(const char* filename, const std::string& path) {
    if (filename != nullptr) return text("filename", filename);
    return path.substr(path.find_last_of('/') + 1);
}

}  // namespace

extern "C" {

int32_t archaeo_upload_path(archaeo_engine* engine, int64_t project_id, const char* filename, const char* path,
                            const archaeo_upload_options* options, archaeo_source** source_out, archaeo_job** job_out,
                            archaeo_error** error_out) {
    clear(source_out);
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const std::string known_path, text("path", path));
        ARCHAEO_ASSIGN(auto name, upload_name(filename, known_path));
        ARCHAEO_ASSIGN(const auto request, upload_request(project_id, std::move(name), options));
        ARCHAEO_ASSIGN(const auto file, open_file(known_path));
        ClosingSource content(call, *file);
        ARCHAEO_ASSIGN(auto reply, call->upload(request, content));
        give_upload(std::move(reply), call->clock().now(), source_out, job_out);
        return {};
    });
}

int32_t archaeo_upload_bytes(archaeo_engine* engine, int64_t project_id, const char* filename, const void* content,
                             size_t content_size, const archaeo_upload_options* options, archaeo_source** source_out,
                             archaeo_job** job_out, archaeo_error** error_out) {
    clear(source_out);
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto name, text("filename", filename));
        ARCHAEO_ASSIGN(const auto request, upload_request(project_id, std::move(name), options));
        ARCHAEO_ASSIGN(const auto view, bytes("content", content, content_size, call->limits().file_bytes_max));
        MemorySource memory(view);
        ClosingSource source(call, memory);
        ARCHAEO_ASSIGN(auto reply, call->upload(request, source));
        give_upload(std::move(reply), call->clock().now(), source_out, job_out);
        return {};
    });
}

int32_t archaeo_upload_begin(archaeo_engine* engine, int64_t project_id, const char* filename,
                             const archaeo_upload_options* options, archaeo_upload** upload_out,
                             archaeo_error** error_out) {
    clear(upload_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("upload_out", upload_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto name, text("filename", filename));
        ARCHAEO_ASSIGN(auto request, upload_request(project_id, std::move(name), options));
        ARCHAEO_TRY(call->validate(request));
        ARCHAEO_ASSIGN(auto writer, call->lake().begin(call->limits().file_bytes_max));
        auto upload = std::make_shared<archaeo_upload>(call.state(), std::move(request), std::move(writer));
        call.state()->add(upload);
        *upload_out = publish(std::move(upload));
        return {};
    });
}

int32_t archaeo_upload_append(archaeo_upload* upload, const void* content, size_t content_size,
                              archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto handle, require(upload, "upload"));
        ARCHAEO_ASSIGN(const Call call, Call::enter(handle->state));
        ARCHAEO_ASSIGN(const auto view, bytes("content", content, content_size, call->limits().file_bytes_max));
        return append(*handle, view);
    });
}

int32_t archaeo_upload_finish(archaeo_upload* upload, archaeo_source** source_out, archaeo_job** job_out,
                              archaeo_error** error_out) {
    clear(source_out);
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto handle, require(upload, "upload"));
        ARCHAEO_ASSIGN(const Call call, Call::enter(handle->state));
        ARCHAEO_ASSIGN(auto reply, finish(*handle, *call));
        give_upload(std::move(reply), call->clock().now(), source_out, job_out);
        return {};
    });
}

int32_t archaeo_upload_abort(archaeo_upload* upload, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto handle, require(upload, "upload"));
        ARCHAEO_ASSIGN(const Call call, Call::enter(handle->state));
        const std::lock_guard lock(handle->mutex);
        if (handle->is_finished) return no_longer(*handle);
        handle->writer.reset();
        return {};
    });
}

int32_t archaeo_upload_piece(archaeo_engine* engine, int64_t project_id, const char* filename,
                             const archaeo_upload_options* options, uint64_t offset, uint64_t total_size,
                             const void* content, size_t content_size, uint64_t* received_out,
                             archaeo_source** source_out, archaeo_job** job_out, archaeo_error** error_out) {
    clear(received_out);
    clear(source_out);
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto name, text("filename", filename));
        ARCHAEO_ASSIGN(const auto request, upload_request(project_id, std::move(name), options));
        ARCHAEO_ASSIGN(const auto view, bytes("content", content, content_size, call->limits().file_bytes_max));
        MemorySource memory(view);
        ClosingSource source(call, memory);
        ARCHAEO_ASSIGN(auto reply, call->upload_piece(request, {offset, total_size}, source));
        if (reply.upload) give_upload(std::move(*reply.upload), call->clock().now(), source_out, job_out);
        give(received_out, reply.received_bytes);
        return {};
    });
}

void archaeo_upload_free(archaeo_upload* upload) {
    guard(nullptr, [&]() -> Status {
        const auto handle = take(upload);
        if (!handle) return {};
        // While the engine is open: the blob under way is its lake's. A closed one has dropped it already.
        ARCHAEO_ASSIGN(const Call call, Call::enter(handle->state));
        handle->engine_closes();
        return {};
    });
}

}  // extern "C"
