#include "worker/hands.hpp"

#include "host/daemon.hpp"

namespace archaeologist::worker {
namespace {

class EngineHands final : public Hands {
public:
    explicit EngineHands(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
    [[nodiscard]] Status start() override { return engine_->start_workers(); }
    void stop() override { engine_->stop_workers(); }
    [[nodiscard]] std::optional<WorkerStatus> status() const override { return engine_->worker_status(); }
    [[nodiscard]] Queue& queue() override { return engine_->queue(); }
    [[nodiscard]] std::vector<Check> check() override { return engine_->check(); }
    [[nodiscard]] std::vector<Check> reach_backends() override { return engine_->reach_backends(); }
    [[nodiscard]] std::vector<BackendFigures> backend_figures() const override { return engine_->backend_figures(); }

private:
    std::unique_ptr<Engine> engine_;
};

class NodeHands final : public Hands {
public:
    explicit NodeHands(std::unique_ptr<WorkerNode> node) : node_(std::move(node)) {}
    [[nodiscard]] Status start() override {
        node_->start();
        return {};
    }
    void stop() override { node_->stop(); }
    [[nodiscard]] std::optional<WorkerStatus> status() const override { return node_->status(); }
    [[nodiscard]] Queue& queue() override { return node_->queue(); }
    [[nodiscard]] std::vector<Check> check() override { return node_->check(); }
    [[nodiscard]] std::vector<Check> reach_backends() override { return node_->reach_backends(); }
    [[nodiscard]] std::vector<BackendFigures> backend_figures() const override { return node_->backend_figures(); }

private:
    std::unique_ptr<WorkerNode> node_;
};

}  // namespace

Result<std::unique_ptr<Hands>> open_hands(const host::Settings& settings, const host::Environment& environment,
                                          LogSink log) {
    const int slots = settings.text("concurrency") == "auto" ? 0 : static_cast<int>(settings.integer("concurrency"));
    ARCHAEO_ASSIGN(const Config config, host::config_of(settings, environment, slots, std::move(log)));
    if (config.queue_place != QueuePlace::redis) {
        ARCHAEO_ASSIGN(auto engine, host::open_engine(settings, config));
        return std::unique_ptr<Hands>(std::make_unique<EngineHands>(std::move(engine)));
    }
    ARCHAEO_ASSIGN(auto node, WorkerNode::open(config));
    ARCHAEO_TRY(host::add_handlers(settings, [&node](std::string_view job_type, JobHandler handler) {
        return node->add_handler(job_type, std::move(handler));
    }));
    return std::unique_ptr<Hands>(std::make_unique<NodeHands>(std::move(node)));
}

}  // namespace archaeologist::worker
