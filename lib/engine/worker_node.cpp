#include "archaeologist/worker_node.hpp"

#include <sys/stat.h>

#include "engine/backends.hpp"
#include "engine/check_redis.hpp"
#include "engine/queue_place.hpp"
#include "engine/workshop.hpp"
#include "lake/open.hpp"
#include "queue/redis_worker.hpp"
#include "vector/embedded.hpp"

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
        // A folder that is not there would be made, and be another lake.
        struct stat status {};
        if (::stat((config.data_dir + "/id").c_str(), &status) != 0) {
            return Error{Code::not_found,
                         "data folder \"" + config.data_dir +
                             "\" has no id, must be the one of the catalog's process, or a mount of it"};
        }
        embedder = config.embedder ? config.embedder : make_builtin_embedder();
        ARCHAEO_ASSIGN(redis, open_redis(config.redis));
        ARCHAEO_ASSIGN(auto identity, identity_of(config, *embedder));
        ARCHAEO_ASSIGN(
            lake, open_lake(config.lake, config.data_dir, {Logger(config.log, config.log_level), backends.metrics()}));
        ARCHAEO_ASSIGN(queue, RedisWorkerQueue::open(*redis, broker_options(config, lake.get()), std::move(identity)));
        ARCHAEO_ASSIGN(store, open_embedded_store(config.data_dir + "/vectors", {.dimension = embedder->dimension()}));
        workshop.emplace(config, clock, Workshop::Tools{*queue, *lake, *store, *embedder});
        return {};
    }

    const Config config;
    const Clock& clock;
    Backends backends{config};
    std::shared_ptr<Embedder> embedder;
    std::unique_ptr<redis::Client> redis;
    std::unique_ptr<Lake> lake;
    std::unique_ptr<RedisWorkerQueue> queue;
    std::unique_ptr<VectorStore> store;
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

std::vector<Check> WorkerNode::reach_backends() { return impl_->backends.reach(*impl_->lake); }

std::vector<BackendFigures> WorkerNode::backend_figures() const { return impl_->backends.metrics()->read(); }

std::vector<Check> WorkerNode::check() {
    auto checks = check_redis(*impl_->redis, broker_options(impl_->config), impl_->clock);
    const auto stats = impl_->queue->stats();
    checks.push_back(
        {"queue", stats ? Check::Verdict::good : Check::Verdict::bad,
         stats ? std::to_string(stats->queued) + " jobs queued, " + std::to_string(stats->running) + " running"
               : stats.error().message,
         stats ? "" : "see that Redis runs and can be reached"});
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
