// One source: looking at it, changing it, reading its content and its chunks.
#include "catalog/catalog.hpp"
#include "catalog/deletion.hpp"
#include "catalog/jobs.hpp"
#include "catalog/sources.hpp"
#include "engine/impl.hpp"
#include "engine/paging.hpp"
#include "job/validate.hpp"
#include "queue/sqlite/ending.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;

// What a page is asked by.
struct PageNumbers {
    std::int64_t page;
    std::int64_t per_page;
};

SourceChunk source_chunk(StoredChunk chunk) {
    return {chunk.id, chunk.ordinal, std::move(chunk.text), std::move(chunk.heading), chunk.core, chunk.lines};
}

Status delete_source(Connection& tx, SourceId id, TimePoint now) {
    ARCHAEO_ASSIGN(const Source source, catalog::source(tx, id));
    ARCHAEO_ASSIGN(const auto job, sqlite_queue::find_row(tx, source.job_id));
    if (job && !is_finished(job->state)) {
        ARCHAEO_TRY(sqlite_queue::cancel(tx, *job, now));
        // Its worker may go on writing until it hears of it.
        ARCHAEO_TRY(catalog::add_late_erasure(tx, {source.project_id, id}, now));
    }
    return catalog::delete_source(tx, id, now);
}

Result<UploadReply> reprocess(Connection& tx, SourceId id, Priority priority, TimePoint now) {
    ARCHAEO_ASSIGN(const Source source, catalog::source(tx, id));
    catalog::NewVersion again = catalog::same_again(source);
    again.priority = priority;
    // A job that is forgotten by now leaves the defaults.
    if (const auto before = catalog::job(tx, source.job_id)) {
        again.timeout = before->timeout;
        again.max_retries = before->max_retries;
    }
    ARCHAEO_ASSIGN(const auto accepted, catalog::accept(tx, again, now));
    UploadReply reply;
    ARCHAEO_ASSIGN(reply.source, catalog::source(tx, id));
    ARCHAEO_ASSIGN(reply.job, catalog::job(tx, *accepted.job_id));
    return reply;
}

}  // namespace

Result<Source> Engine::source(SourceId id) {
    return impl_->catalog->read([&](Connection& tx) { return catalog::source(tx, id); });
}

Status Engine::delete_source(SourceId id) {
    Status deleted =
        impl_->catalog->write([&](Connection& tx) { return archaeologist::delete_source(tx, id, impl_->clock.now()); });
    if (deleted) impl_->queue->wake_all();  // who waits for its job
    return deleted;
}

Result<Source> Engine::set_metadata(SourceId id, std::string_view metadata) {
    ARCHAEO_TRY(validate_json_object("metadata of source " + std::to_string(to_integer(id)), metadata,
                                     impl_->config.limits.metadata_bytes_max));
    return impl_->catalog->write(
        [&](Connection& tx) { return catalog::set_metadata(tx, id, metadata, impl_->clock.now()); });
}

Result<UploadReply> Engine::reprocess(SourceId id, Priority priority) {
    auto reply = impl_->catalog->write(
        [&](Connection& tx) { return archaeologist::reprocess(tx, id, priority, impl_->clock.now()); });
    if (reply) impl_->queue->wake_all();
    return reply;
}

Result<std::unique_ptr<Blob>> Engine::content(SourceId id, ContentForm form) {
    ARCHAEO_ASSIGN(const ContentHash hash, impl_->catalog->read([&](Connection& tx) -> Result<ContentHash> {
        if (form == ContentForm::text) return catalog::text_hash(tx, id);
        ARCHAEO_ASSIGN(const Source source, catalog::source(tx, id));
        return source.content_hash;
    }));
    return impl_->lake->open(hash);
}

Result<ChunkPage> Engine::chunks(SourceId id, std::int64_t page, std::int64_t per_page) {
    ARCHAEO_TRY(validate_page(page, per_page));
    ARCHAEO_ASSIGN(const Source source, this->source(id));
    ChunkPage reply;
    fill_page(reply, PageNumbers{page, per_page}, static_cast<std::int64_t>(source.chunks));
    if (!source.active_generation) return reply;
    // A generation that is retired at this moment stays for as long as a reader may need it.
    ARCHAEO_ASSIGN(const auto store, impl_->store_of(source.project_id));
    ARCHAEO_ASSIGN(auto stored, store->chunks(source.project_id, id, *source.active_generation,
                                              static_cast<std::uint64_t>((page - 1) * per_page),
                                              static_cast<std::size_t>(per_page)));
    for (StoredChunk& chunk : stored) reply.chunks.push_back(source_chunk(std::move(chunk)));
    return reply;
}

}  // namespace archaeologist
