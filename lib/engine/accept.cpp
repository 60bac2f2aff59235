// Files whose bytes are in the lake become sources with jobs.
#include <set>
#include <utility>

#include "base/sha256.hpp"
#include "catalog/jobs.hpp"
#include "catalog/sources.hpp"
#include "engine/impl.hpp"
#include "engine/upload.hpp"
#include "job/validate.hpp"
#include "queue/requests.hpp"
#include "queue/sqlite/settings.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;

constexpr std::size_t accepted_files_max = 10'000;

// What two calls with the same key must agree in.
std::string fingerprint(std::span<const StoredFile> files) {
    Sha256 hash;
    const auto add = [&hash](std::string_view field) {
        hash.update(std::to_string(field.size()) + ':');
        hash.update(field);
    };
    add("files");
    for (const auto& [request, blob] : files) {
        add(std::to_string(to_integer(request.project_id)));
        add(request.filename);
        add(request.original_filename);
        add(blob.hash.hex());
        add(to_string(request.priority));
        add(std::to_string(request.timeout.count()));
        add(std::to_string(request.max_retries));
        add(request.metadata);
        add(std::to_string(to_integer(request.user_id)));
        add(request.if_unchanged == IfUnchanged::skip ? "skip" : "process_again");
    }
    return hash.finish().hex();
}

Status check_names(std::span<const StoredFile> files) {
    if (files.size() > accepted_files_max) {
        return Error{Code::invalid_argument, "accept: files are " + std::to_string(files.size()) + ", may be at most " +
                                                 std::to_string(accepted_files_max)};
    }
    std::set<std::pair<ProjectId, std::string_view>> names;
    for (const StoredFile& file : files) {
        if (names.emplace(file.request.project_id, file.request.filename).second) continue;
        return Error{Code::invalid_argument, "accept: filename " + quoted(file.request.filename) +
                                                 " comes twice in one call, must be unique in its project"};
    }
    return {};
}

Result<UploadReply> reply_of(Connection& tx, SourceId source, const std::optional<JobId>& job) {
    UploadReply reply;
    ARCHAEO_ASSIGN(reply.source, catalog::source(tx, source));
    if (job) {
        ARCHAEO_ASSIGN(reply.job, catalog::job(tx, *job));
    }
    return reply;
}

// A kept reply: of each file eight bytes of the source's id, little end first, and the job's, nil when there is none.
constexpr std::size_t kept_file_bytes = sizeof(std::uint64_t) + sizeof(Uuid);

std::string kept_form(const std::vector<UploadReply>& replies) {
    std::string kept;
    for (const UploadReply& reply : replies) {
        auto id = static_cast<std::uint64_t>(to_integer(reply.source.id));
        for (std::size_t i = 0; i < sizeof id; ++i, id >>= 8) kept += static_cast<char>(id & 0xFF);
        kept += (reply.job ? reply.job->id : JobId()).view();
    }
    return kept;
}

Result<std::vector<UploadReply>> replies_of(Connection& tx, std::string_view kept) {
    std::vector<UploadReply> replies;
    for (; kept.size() >= kept_file_bytes; kept.remove_prefix(kept_file_bytes)) {
        std::uint64_t id = 0;
        for (std::size_t i = sizeof id; i > 0; --i) id = id << 8 | static_cast<unsigned char>(kept[i - 1]);
        const JobId job(Uuid::from_bytes(kept.substr(sizeof id, sizeof(Uuid))));
        ARCHAEO_ASSIGN(auto reply,
                       reply_of(tx, static_cast<SourceId>(id), job.is_nil() ? std::nullopt : std::optional(job)));
        replies.push_back(std::move(reply));
    }
    return replies;
}

Result<std::vector<UploadReply>> accept_all(Connection& tx, std::span<const StoredFile> files, TimePoint now) {
    std::vector<UploadReply> replies;
    replies.reserve(files.size());
    for (const StoredFile& file : files) {
        ARCHAEO_ASSIGN(const auto accepted, catalog::accept(tx, new_version(file.request, file.blob), now));
        ARCHAEO_ASSIGN(auto reply, reply_of(tx, accepted.source_id, accepted.job_id));
        replies.push_back(std::move(reply));
    }
    return replies;
}

}  // namespace

Result<std::vector<UploadReply>> Engine::Impl::accept(std::span<const StoredFile> files,
                                                      const std::optional<IdempotencyKey>& key) {
    const std::string print = key ? fingerprint(files) : std::string();
    auto replies = catalog->write([&](Connection& tx) -> Result<std::vector<UploadReply>> {
        const TimePoint now = clock.now();
        if (!key) return accept_all(tx, files, now);
        ARCHAEO_ASSIGN(const auto known, sqlite_queue::known_reply(tx, *key, print, key_of_other_files(*key), now));
        if (known) return replies_of(tx, *known);
        ARCHAEO_ASSIGN(auto made, accept_all(tx, files, now));
        ARCHAEO_TRY(sqlite_queue::keep_reply(tx, *key, print, kept_form(made), now));
        return made;
    });
    if (replies) queue->wake_all();
    return replies;
}

Result<std::vector<UploadReply>> Engine::accept(std::span<const StoredFile> files,
                                                const std::optional<IdempotencyKey>& key) {
    if (key) ARCHAEO_TRY(archaeologist::validate(*key));
    ARCHAEO_TRY(check_names(files));
    for (const StoredFile& file : files) {
        ARCHAEO_TRY(impl_->validate(file.request));
        const std::uint64_t size_max = impl_->config.limits.file_bytes_max;
        if (file.blob.size_bytes > size_max) {
            return Error{Code::too_large, "content of " + quoted(file.request.filename) + " has " +
                                              std::to_string(file.blob.size_bytes) + " bytes, the limit is " +
                                              std::to_string(size_max)};
        }
        ARCHAEO_ASSIGN(const bool stored, impl_->lake->contains(file.blob.hash));
        if (!stored) {
            return Error{Code::invalid_argument, "content of " + quoted(file.request.filename) + " (" +
                                                     file.blob.hash.hex() +
                                                     ") is not in the lake, must be put there first"};
        }
    }
    return impl_->accept(files, key);
}

Status Engine::validate(const UploadRequest& request) {
    ARCHAEO_TRY(impl_->validate(request));
    return impl_->require_project(request.project_id);
}

}  // namespace archaeologist
