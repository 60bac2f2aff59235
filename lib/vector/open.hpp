// A vector store by its configuration, with what the engine knows beyond it.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/vector_store.hpp"
#include "base/log.hpp"
#include "net/metrics.hpp"

namespace archaeologist {

struct VectorTools {
    Logger log{};
    std::shared_ptr<net::Metrics> metrics{};  // null = nobody asks
};

// As archaeologist::open_vector_store.
[[nodiscard]] Result<std::unique_ptr<VectorStore>> open_vector_store(const VectorStoreConfig& config,
                                                                     const std::string& data_dir,
                                                                     const VectorModel& model, VectorTools tools);

}  // namespace archaeologist
