// A vector store by its configuration, with what the engine knows beyond it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "archaeologist/vector_store.hpp"
#include "base/log.hpp"
#include "net/metrics.hpp"

namespace archaeologist {

// DATA/vectors of the built-in model; of others a folder in it, named by a digest of the model's id.
[[nodiscard]] std::string vector_folder(const std::string& data_dir, std::string_view model_id);

struct VectorTools {
    Logger log{};
    std::shared_ptr<net::Metrics> metrics{};  // null = nobody asks
    std::string data_folder{};                // the id of whose a store elsewhere is to be; empty = of whoever has it
};

// As archaeologist::open_vector_store.
[[nodiscard]] Result<std::unique_ptr<VectorStore>> open_vector_store(const VectorStoreConfig& config,
                                                                     const std::string& data_dir,
                                                                     const VectorModel& model, VectorTools tools);

}  // namespace archaeologist
