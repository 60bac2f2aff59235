#include "engine/upload.hpp"
#include "archaeologist/engine.hpp"
#include "base/utf8.hpp"
#include "catalog/catalog.hpp"
#include "catalog/jobs.hpp"
#include "catalog/sources.hpp"
#include "engine/impl.hpp"
#include "job/validate.hpp"

namespace archaeologist {
namespace {

Error bad_name(std::string_view name, std::string_view rule) {
    return {Code::invalid_argument, "filename is " + quoted(name) + ", " + std::string(rule)};
}

}  // namespace

Status validate_filename(std::string_view name, std::size_t bytes_max) {
    if (name.empty() || name.size() > bytes_max) {
        return bad_name(name, "must have 1 to " + std::to_string(bytes_max) + " bytes");
    }
    if (!is_valid_utf8(name)) return bad_name(name, "must be UTF-8");
    if (name.find('\0') != std::string_view::npos) return bad_name(name, "must not hold a NUL");
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('/', begin), name.size());
        const auto part = name.substr(begin, end - begin);
        if (part.empty() || part == "." || part == "..") {
            return bad_name(name, "must be relative, without empty, \".\" or \"..\" parts");
        }
        begin = end + 1;
    }
    return {};
}

catalog::NewVersion new_version(const UploadRequest& request, const StoredBlob& blob, std::string original_filename) {
    catalog::NewVersion version;
    version.project_id = request.project_id;
    version.filename = request.filename;
    version.original_filename = std::move(original_filename);
    version.content_hash = blob.hash;
    version.size_bytes = blob.size_bytes;
    version.priority = request.priority;
    version.timeout = request.timeout;
    version.max_retries = request.max_retries;
    version.metadata = request.metadata;
    version.user_id = request.user_id;
    version.same_content =
        request.if_unchanged == IfUnchanged::skip ? catalog::SameContent::skip : catalog::SameContent::process_again;
    return version;
}

Status Engine::Impl::validate(const UploadRequest& request) const {
    ARCHAEO_TRY(validate_filename(request.filename, config.limits.name_bytes_max));
    ARCHAEO_TRY(validate_json_object("metadata of " + quoted(request.filename), request.metadata,
                                     config.limits.metadata_bytes_max));
    NewJob job;  // its rules for retries and time limit are those of every job
    job.max_retries = request.max_retries;
    job.timeout = request.timeout;
    return archaeologist::validate(job);
}

Result<UploadReply> Engine::Impl::upload(const UploadRequest& request, ByteSource& content) {
    ARCHAEO_TRY(validate(request));
    // Before the bytes are taken: an unknown project must not cost a transfer.
    ARCHAEO_TRY(catalog->read([&](sqlite::Connection& tx) { return catalog::project(tx, request.project_id); }));
    ARCHAEO_ASSIGN(const auto blob, lake->put(content, config.limits.file_bytes_max));
    auto reply = catalog->write([&](sqlite::Connection& tx) -> Result<UploadReply> {
        ARCHAEO_ASSIGN(const auto accepted,
                       catalog::accept(tx, new_version(request, blob, request.filename), clock.now()));
        UploadReply done;
        ARCHAEO_ASSIGN(done.source, catalog::source(tx, accepted.source_id));
        if (accepted.job_id) {
            ARCHAEO_ASSIGN(done.job, catalog::job(tx, *accepted.job_id));
        }
        return done;
    });
    if (reply) queue->wake_all();
    return reply;
}

Result<Job> Engine::Impl::retry(JobId id) {
    ARCHAEO_ASSIGN(const JobId made, queue->retry(id));
    return queue->get(made);
}

}  // namespace archaeologist
