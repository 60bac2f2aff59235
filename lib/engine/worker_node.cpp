#include "archaeologist/worker_node.hpp"

#include <sys/stat.h>

#include "engine/backends.hpp"
#include "engine/check_redis.hpp"
#include "engine/model_shelf.hpp"
#include "engine/queue_place.hpp"
#include "engine/workshop.hpp"
#include "lake/open.hpp"
#include "queue/redis_worker.hpp"

namespace archaeologist {

class WorkerNode::Impl {
public:
    explicit Impl(const Config& wanted)
        : config(wanted), clock(wanted.clock != nullptr ? *wanted.clock : system_clock()) {}

    [[nodiscard]] Status open() {
        if (config.redis.url.empty()) {
            return Error{Code::invalid_argument, "a worker without a catalog needs the URL of a queue on Redis"};
        }
        ARCHAEO_TRY(validate(config));
        // A folder that is not there would be made, and be another lake or another vector store.
        struct stat status {};
        if (needs_data_folder(config) && ::stat((config.data_dir + "/id").c_str(), &status) != 0) {
            return Error{
                Code::not_found,
                "data folder \"" + config.data_dir +
                    "\" has no id, must be the one of the catalog's process, or a mount of it; without one, both "
                    "lake and vector store must be elsewhere"};
        }
        ARCHAEO_TRY(put_model());
        ARCHAEO_ASSIGN(redis, open_redis(config.redis));
        ARCHAEO_ASSIGN(auto identity, identity_of(config, shelf.own_embedder()));
        ARCHAEO_ASSIGN(
            lake, open_lake(config.lake, config.data_dir, {Logger(config.log, config.log_level), backends.metrics()}));
        ARCHAEO_ASSIGN(queue, RedisWorkerQueue::open(*redis, broker_options(config, lake.get()), std::move(identity)));
        // Of other models it knows no server: while one is about to be left, its chunks are found by their words.
        const auto find_model = [this](const std::string& id, std::size_t dimension) {
            return shelf.find_for_jobs({id, dimension, {}, {}});
        };
        workshop.emplace(config, clock,
                         Workshop::Tools{*queue, *lake, shelf.own_store(), shelf.own_embedder(), find_model});
        return {};
    }

    // There is no catalog to say what was named last.
    [[nodiscard]] Status put_model() {
        if (config.embedder) return shelf.put_own(config.embedder);
        const std::string setting = config.embedding.url.empty() ? "builtin" : config.embedding.url;
        ARCHAEO_ASSIGN(auto opened, shelf.open_embedder(setting, {}));
        return shelf.put_own(std::move(opened.embedder));
    }

    const Config config;
    const Clock& clock;
    Backends backends{config};
    ModelShelf shelf{config, Logger(config.log, config.log_level), backends.metrics()};
    std::unique_ptr<redis::Client> redis;
    std::unique_ptr<Lake> lake;
    std::unique_ptr<RedisWorkerQueue> queue;
    std::optional<Workshop> workshop;
};

WorkerNode::WorkerNode(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

WorkerNode::~WorkerNode() { stop(); }

Result<std::unique_ptr<WorkerNode>> WorkerNode::open(const Config& config) {
    auto impl = std::make_unique<Impl>(config);
    ARCHAEO_TRY(impl->open());
    return std::unique_ptr<WorkerNode>(new WorkerNode(std::move(impl)));
}

Status WorkerNode::add_handler(std::string_view job_type, JobHandler handler) {
    return impl_->workshop->add_handler(job_type, std::move(handler));
}

void WorkerNode::start() { static_cast<void>(impl_->workshop->start()); }

void WorkerNode::stop() { impl_->workshop->stop(); }

std::optional<WorkerStatus> WorkerNode::status() const { return impl_->workshop->status(); }

Queue& WorkerNode::queue() { return *impl_->queue; }

std::vector<Check> WorkerNode::reach_backends() {
    return impl_->backends.reach(*impl_->lake, impl_->shelf.own_store(), impl_->shelf.own_embedder());
}

std::vector<BackendFigures> WorkerNode::backend_figures() const { return impl_->backends.metrics()->read(); }

std::vector<Check> WorkerNode::check() {
    auto checks = check_redis(*impl_->redis, broker_options(impl_->config), impl_->clock);
    const auto stats = impl_->queue->stats();
    checks.push_back(
        {"queue", stats ? Check::Verdict::good : Check::Verdict::bad,
         stats ? std::to_string(stats->queued) + " jobs queued, " + std::to_string(stats->running) + " running"
               : stats.error().message,
         stats ? "" : "see that Redis runs and can be reached"});
    checks.push_back(probe_embedder(impl_->shelf.own_embedder()));
    if (!impl_->config.vectors.url.empty()) {
        checks.push_back(probe_vectors_elsewhere(impl_->config, impl_->shelf.own_store()));
    }
    if (!impl_->config.lake.url.empty()) {
        checks.push_back(probe_lake_elsewhere(impl_->config, *impl_->lake, impl_->clock));
        return checks;
    }
    const auto probe = impl_->lake->contains(ContentHash{});
    checks.push_back({"lake", probe ? Check::Verdict::good : Check::Verdict::bad,
                      probe ? "can be read" : probe.error().message,
                      probe ? "" : "see that the data folder is mounted"});
    return checks;
}

}  // namespace archaeologist
