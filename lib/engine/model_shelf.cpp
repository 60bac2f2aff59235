#include "engine/model_shelf.hpp"

#include "catalog/file_job.hpp"

namespace archaeologist {
namespace {

class AbsentEmbedder final : public Embedder {
public:
    AbsentEmbedder(std::string model_id, std::size_t dimension, std::string reason)
        : model_id_(std::move(model_id)), dimension_(dimension), reason_(std::move(reason)) {}

    [[nodiscard]] std::size_t dimension() const override { return dimension_; }
    [[nodiscard]] std::string model_id() const override { return model_id_; }
    [[nodiscard]] std::size_t max_tokens() const override { return 512; }
    [[nodiscard]] bool matches_meaning() const override { return true; }
    [[nodiscard]] double hybrid_weight() const override { return 0.5; }
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view>, TextRole) override { return error(); }
    [[nodiscard]] Status probe() override { return error(); }

private:
    [[nodiscard]] Error error() const {
        return {Code::unavailable, "model " + model_id_ + " is not to be had here: " + reason_};
    }

    const std::string model_id_;
    const std::size_t dimension_;
    const std::string reason_;
};

}  // namespace

std::shared_ptr<Embedder> make_absent_embedder(std::string model_id, std::size_t dimension, std::string reason) {
    return std::make_shared<AbsentEmbedder>(std::move(model_id), dimension, std::move(reason));
}

ModelShelf::ModelShelf(const Config& config, Logger log, std::shared_ptr<net::Metrics> metrics)
    : config_(config), log_(std::move(log)), metrics_(std::move(metrics)) {}

Result<OpenedEmbedder> ModelShelf::open_embedder(const std::string& setting, const std::string& resolved) const {
    EmbedderConfig config = config_.embedding;
    config.url = setting;
    EmbedderTools tools;
    tools.cache_path = config_.data_dir + "/cache.db";
    tools.log = log_;
    tools.metrics = metrics_;
    tools.resolved = resolved;
    return archaeologist::open_embedder(config, std::move(tools));
}

Result<std::shared_ptr<VectorStore>> ModelShelf::open_store(std::string_view model_id, std::size_t dimension) const {
    ARCHAEO_ASSIGN(auto store, open_vector_store(config_.vectors, config_.data_dir, {std::string(model_id), dimension},
                                                 {log_, metrics_, data_folder_}));
    return std::shared_ptr<VectorStore>(std::move(store));
}

Status ModelShelf::put_own(std::shared_ptr<Embedder> embedder) {
    ARCHAEO_ASSIGN(own_store_, open_store(embedder->model_id(), embedder->dimension()));
    own_ = std::move(embedder);
    const MutexLock lock(mutex_);
    models_[own_->model_id()] = {own_store_, own_, false};
    return {};
}

ModelShelf::Model ModelShelf::with_embedder(std::shared_ptr<VectorStore> store, const ShelfEntry& entry) const {
    const auto absent = [&](std::string reason) {
        return Model{store, make_absent_embedder(entry.model_id, entry.dimension, std::move(reason)), true};
    };
    if (entry.model_id == builtin_model_id) return {store, make_builtin_embedder(), false};
    if (entry.setting.empty()) return absent("only a program that brings it can use it");
    // It is left anyway: it may not be there any more, and nobody waits for it.
    if (entry.resolved.empty()) return absent("nothing is known of its server");
    auto opened = open_embedder(entry.setting, entry.resolved);
    if (!opened) return absent(opened.error().message);
    return {store, std::move(opened->embedder), false};
}

Result<ModelShelf::Model> ModelShelf::find(const ShelfEntry& entry) {
    const MutexLock lock(mutex_);
    const auto known = models_.find(entry.model_id);
    if (known != models_.end()) return known->second;
    ARCHAEO_ASSIGN(auto store, open_store(entry.model_id, entry.dimension));
    return models_.emplace(entry.model_id, with_embedder(std::move(store), entry)).first->second;
}

Result<OtherModel> ModelShelf::find_for_jobs(const ShelfEntry& entry) {
    ARCHAEO_ASSIGN(const Model model, find(entry));
    // The shelf keeps both for as long as it lives.
    return OtherModel{model.store.get(), model.is_absent ? nullptr : model.embedder.get()};
}

}  // namespace archaeologist
