// The models of a data folder, each with its vector store (in the folder or elsewhere), and its embedder where that is to be had.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "archaeologist/config.hpp"
#include "archaeologist/embedder.hpp"
#include "archaeologist/vector_store.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "embed/open.hpp"
#include "net/metrics.hpp"
#include "vector/open.hpp"
#include "worker/handlers/file.hpp"

namespace archaeologist {

// Stands for a model that cannot be asked here: embedding with it is `unavailable`, with `reason`.
[[nodiscard]] std::shared_ptr<Embedder> make_absent_embedder(std::string model_id, std::size_t dimension,
                                                             std::string reason);

// What another model of the data folder is known by (catalog/models.hpp, or a job's payload).
struct ShelfEntry {
    std::string model_id;
    std::size_t dimension = 0;
    std::string setting;   // EmbedderConfig::url; empty = unknown
    std::string resolved;  // as EmbedderTools::resolved
};

// Thread-safe. config must outlive it.
class ModelShelf {
public:
    ModelShelf(const Config& config, Logger log, std::shared_ptr<net::Metrics> metrics);

    // Whose stores elsewhere are to be (VectorTools::data_folder); before any is opened.
    void set_data_folder(std::string id) { data_folder_ = std::move(id); }

    // An embedder by its setting. Errors: as archaeologist::open_embedder.
    [[nodiscard]] Result<OpenedEmbedder> open_embedder(const std::string& setting, const std::string& resolved) const;

    // Puts the process's own model on the shelf.
    [[nodiscard]] Status put_own(std::shared_ptr<Embedder> embedder);
    [[nodiscard]] Embedder& own_embedder() const { return *own_; }
    [[nodiscard]] VectorStore& own_store() const { return *own_store_; }

    struct Model {
        std::shared_ptr<VectorStore> store;
        std::shared_ptr<Embedder> embedder;  // never null; an absent one says why
        bool is_absent = false;
    };
    // Opened when it is first asked for. Errors: those of the store.
    [[nodiscard]] Result<Model> find(const ShelfEntry& entry);
    // For file jobs.
    [[nodiscard]] Result<OtherModel> find_for_jobs(const ShelfEntry& entry);

private:
    [[nodiscard]] Result<std::shared_ptr<VectorStore>> open_store(std::string_view model_id,
                                                                  std::size_t dimension) const;
    [[nodiscard]] Model with_embedder(std::shared_ptr<VectorStore> store, const ShelfEntry& entry) const;

    const Config& config_;
    const Logger log_;
    const std::shared_ptr<net::Metrics> metrics_;
    std::string data_folder_;
    std::shared_ptr<Embedder> own_;
    std::shared_ptr<VectorStore> own_store_;
    Mutex mutex_;
    std::map<std::string, Model, std::less<>> models_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist
