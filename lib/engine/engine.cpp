#include "archaeologist/engine.hpp"

#include "catalog/catalog.hpp"
#include "catalog/jobs.hpp"
#include "catalog/sources.hpp"
#include "engine/impl.hpp"
#include "engine/paging.hpp"

namespace archaeologist {
Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(const Config& config) {
    auto impl = std::make_unique<Impl>(config);
    ARCHAEO_TRY(impl->open());
    return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Result<Project> Engine::create_project(std::string_view name, std::string_view description,
                                       ExternalModels external_models) {
    return impl_->catalog->write([&](sqlite::Connection& tx) {
        return catalog::create_project(tx, name, description, external_models, impl_->clock.now());
    });
}

Result<Project> Engine::project(std::string_view name) {
    return impl_->catalog->read([&](sqlite::Connection& tx) { return catalog::project(tx, name); });
}

Result<Project> Engine::project(ProjectId id) {
    return impl_->catalog->read([&](sqlite::Connection& tx) { return catalog::project(tx, id); });
}

Result<std::vector<Project>> Engine::projects() {
    return impl_->catalog->read([](sqlite::Connection& tx) { return catalog::projects(tx); });
}

Result<UploadReply> Engine::upload(const UploadRequest& request, ByteSource& content) {
    return impl_->upload(request, content);
}

Result<IngestReport> Engine::ingest(const IngestRequest& request, const IngestObserver& observer,
                                    const std::atomic<bool>* stop) {
    return impl_->ingest(request, observer, stop);
}

Result<SearchReply> Engine::search(const SearchRequest& request) {
    for (const ProjectId id : request.projects) ARCHAEO_TRY(project(id));
    return impl_->search(request);
}

Result<Job> Engine::job(JobId id) { return impl_->queue->get(id); }

Result<JobPage> Engine::jobs(const JobFilter& filter) {
    ARCHAEO_TRY(validate_page(filter.page, filter.per_page));
    catalog::JobSelection selection{filter.status, std::nullopt, filter.project_id};
    if (!filter.job_type.empty()) selection.job_type = filter.job_type;
    return impl_->catalog->read([&](sqlite::Connection& tx) -> Result<JobPage> {
        JobPage page;
        ARCHAEO_ASSIGN(const std::int64_t total, catalog::count_jobs(tx, selection));
        fill_page(page, filter, total);
        ARCHAEO_ASSIGN(page.jobs,
                       catalog::list_jobs(tx, selection, filter.per_page, (filter.page - 1) * filter.per_page));
        return page;
    });
}

Status Engine::cancel(JobId id) { return impl_->queue->cancel(id); }

Result<Job> Engine::retry(JobId id) { return impl_->retry(id); }

Result<SourcePage> Engine::sources(const SourceFilter& filter) {
    ARCHAEO_TRY(validate_page(filter.page, filter.per_page));
    return impl_->catalog->read([&](sqlite::Connection& tx) -> Result<SourcePage> {
        ARCHAEO_TRY(catalog::project(tx, filter.project_id));
        ARCHAEO_ASSIGN(const auto counts, catalog::source_counts(tx, filter.project_id));
        std::int64_t total = 0;
        for (const auto& [status, count] : counts)
            total += !filter.status || *filter.status == status ? count.sources : 0;
        SourcePage page;
        fill_page(page, filter, total);
        ARCHAEO_ASSIGN(page.sources, catalog::list_sources(tx, filter.project_id, filter.status, filter.per_page,
                                                           (filter.page - 1) * filter.per_page));
        return page;
    });
}

Result<std::string> Engine::text(SourceId id, std::uint64_t size_max) {
    ARCHAEO_ASSIGN(const auto hash,
                   impl_->catalog->read([&](sqlite::Connection& tx) { return catalog::text_hash(tx, id); }));
    return impl_->lake->read(hash, size_max);
}

Status Engine::add_handler(std::string_view job_type, JobHandler handler) {
    return impl_->workshop->add_handler(job_type, std::move(handler));
}

Status Engine::start_upkeep() { return impl_->start_upkeep(); }

Status Engine::start_workers() { return impl_->start_workers(); }

void Engine::stop_workers() { impl_->stop_workers(); }

std::optional<WorkerStatus> Engine::worker_status() const { return impl_->workshop->status(); }

Queue& Engine::queue() { return *impl_->queue; }

std::vector<Check> Engine::reach_backends() {
    return impl_->backends.reach(*impl_->lake, impl_->shelf.own_store(), impl_->shelf.own_embedder());
}

std::vector<BackendFigures> Engine::backend_figures() const { return impl_->backends.metrics()->read(); }

Lake& Engine::lake() { return *impl_->lake; }

VectorStore& Engine::vectors() { return impl_->shelf.own_store(); }

Embedder& Engine::embedder() { return impl_->shelf.own_embedder(); }

const Clock& Engine::clock() const { return impl_->clock; }

const Limits& Engine::limits() const { return impl_->config.limits; }

}  // namespace archaeologist
