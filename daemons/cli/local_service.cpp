#include "cli/local_service.hpp"

#include <utility>

namespace archaeologist::cli {
namespace {

class LocalService final : public Service {
public:
    explicit LocalService(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

    Result<Project> create_project(std::string_view name, std::string_view description,
                                   ExternalModels external_models) override {
        return engine_->create_project(name, description, external_models);
    }
    Result<Project> update_project(ProjectId id, const ProjectChange& change) override {
        return engine_->update_project(id, change);
    }
    Result<Project> project(std::string_view name) override { return engine_->project(name); }
    Result<std::vector<Project>> projects() override { return engine_->projects(); }
    Status delete_project(ProjectId id) override { return engine_->delete_project(id); }

    Result<IngestReport> ingest(const IngestRequest& request, const IngestObserver& observer,
                                const std::atomic<bool>* stop) override {
        return engine_->ingest(request, observer, stop);
    }
    Result<SearchReply> search(const SearchRequest& request) override { return engine_->search(request); }
    Result<SourcePage> sources(const SourceFilter& filter) override { return engine_->sources(filter); }
    Result<Source> source(ProjectId project, SourceId id) override {
        auto source = engine_->source(id);
        if (source && source->project_id != project) {
            return Error{Code::not_found, "source " + std::to_string(to_integer(id)) + " does not exist in project " +
                                              std::to_string(to_integer(project))};
        }
        return source;
    }
    Status delete_source(ProjectId project, SourceId id) override {
        ARCHAEO_TRY(source(project, id));
        return engine_->delete_source(id);
    }
    Result<Job> reprocess(ProjectId project, SourceId id, Priority priority) override {
        ARCHAEO_TRY(source(project, id));
        ARCHAEO_ASSIGN(auto reply, engine_->reprocess(id, priority));
        if (!reply.job) return Error{Code::internal, "source " + std::to_string(to_integer(id)) + " got no job"};
        return *std::move(reply.job);
    }

    Result<Job> job(JobId id) override { return engine_->job(id); }
    Result<JobPage> jobs(const JobFilter& filter) override { return engine_->jobs(filter); }
    Status cancel(JobId id) override { return engine_->cancel(id); }
    Result<Job> retry(JobId id) override { return engine_->retry(id); }
    Status remove(JobId id) override { return engine_->queue().remove(id); }
    Result<BulkReply> bulk(const JobSelection& selection, BulkAction action) override {
        return engine_->queue().bulk(selection, action);
    }
    Result<Job> wait_for(JobId id, std::chrono::milliseconds wait) override {
        return engine_->queue().wait_for(id, wait);
    }

    Result<QueueStats> queue_stats() override { return engine_->queue().stats(); }
    Status pause_queue() override { return engine_->queue().pause(); }
    Status resume_queue() override { return engine_->queue().resume(); }

    Status begin_work() override { return engine_->start_workers(); }
    void end_work() override { engine_->stop_workers(); }

    Result<std::vector<Check>> check() override { return engine_->check(); }
    TimePoint now() override { return engine_->clock().now(); }

private:
    std::unique_ptr<Engine> engine_;
};

}  // namespace

std::unique_ptr<Service> make_local_service(std::unique_ptr<Engine> engine) {
    return std::make_unique<LocalService>(std::move(engine));
}

}  // namespace archaeologist::cli
