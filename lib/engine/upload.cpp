#include "engine/upload.hpp"

#include <algorithm>
#include <vector>

#include "archaeologist/engine.hpp"
#include "base/utf8.hpp"
#include "catalog/catalog.hpp"
#include "catalog/jobs.hpp"
#include "catalog/sources.hpp"
#include "engine/impl.hpp"
#include "job/validate.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t part_bytes_max = 255;  // NAME_MAX

std::vector<std::string_view> parts_of(std::string_view name) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('/', begin), name.size());
        parts.push_back(name.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

const std::string& original_name(const UploadRequest& request) {
    return request.original_filename.empty() ? request.filename : request.original_filename;
}

Status validate_original_name(std::string_view name, std::size_t bytes_max) {
    if (name.size() <= bytes_max && is_valid_utf8(name) && !has_control(name)) return {};
    return Error{Code::invalid_argument, "original_filename is " + quoted(name) + ", must have at most " +
                                             std::to_string(bytes_max) + " bytes of UTF-8 without control characters"};
}

Error bad_name(std::string_view name, std::string_view rule) {
    return {Code::invalid_argument, "filename is " + quoted(name) + ", " + std::string(rule)};
}

}  // namespace

Status validate_source_name(std::string_view name, std::size_t bytes_max) {
    if (name.empty() || name.size() > bytes_max) {
        return bad_name(name, "must have 1 to " + std::to_string(bytes_max) + " bytes");
    }
    if (!is_valid_utf8(name)) return bad_name(name, "must be UTF-8");
    if (name.find('\0') != std::string_view::npos) return bad_name(name, "must not hold a NUL");
    for (const std::string_view part : parts_of(name)) {
        if (part.empty() || part == "." || part == "..") {
            return bad_name(name, "must be relative, without empty, \".\" or \"..\" parts");
        }
    }
    return {};
}

Status validate_filename(std::string_view name, std::size_t bytes_max) {
    ARCHAEO_TRY(validate_source_name(name, bytes_max));
    if (has_control(name)) return bad_name(name, "must not hold control characters");
    for (const std::string_view part : parts_of(name)) {
        if (part.size() > part_bytes_max) {
            return bad_name(name,
                            "each part between slashes must have at most " + std::to_string(part_bytes_max) + " bytes");
        }
    }
    return {};
}

catalog::NewVersion new_version(const UploadRequest& request, const StoredBlob& blob) {
    catalog::NewVersion version;
    version.project_id = request.project_id;
    version.filename = request.filename;
    version.original_filename = original_name(request);
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
    ARCHAEO_TRY(validate_original_name(request.original_filename, config.limits.name_bytes_max));
    ARCHAEO_TRY(validate_json_object("metadata of " + quoted(request.filename), request.metadata,
                                     config.limits.metadata_bytes_max));
    NewJob job;  // its rules for retries and time limit are those of every job
    job.max_retries = request.max_retries;
    job.timeout = request.timeout;
    return archaeologist::validate(job);
}

Status Engine::Impl::require_project(ProjectId id) {
    return catalog->read([&](sqlite::Connection& tx) { return catalog::require_project(tx, id); });
}

Result<UploadReply> Engine::Impl::upload(const UploadRequest& request, ByteSource& content) {
    ARCHAEO_TRY(validate(request));
    // Before the bytes are taken: an unknown project must not cost a transfer.
    ARCHAEO_TRY(require_project(request.project_id));
    StoredFile file{request, {}};
    ARCHAEO_ASSIGN(file.blob, lake->put(content, config.limits.file_bytes_max));
    ARCHAEO_ASSIGN(auto replies, accept({&file, 1}, {}));
    return std::move(replies.front());
}

Result<Job> Engine::Impl::retry(JobId id) {
    ARCHAEO_ASSIGN(const JobId made, queue->retry(id));
    return queue->get(made);
}

}  // namespace archaeologist
