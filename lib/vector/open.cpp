#include "vector/open.hpp"

#include "net/client.hpp"
#include "vector/embedded.hpp"
#include "vector/qdrant.hpp"

namespace archaeologist {

Status VectorStore::probe() {
    ARCHAEO_TRY(count(ProjectId{0}, SourceId{0}, GenerationId{}));
    return {};
}

Status validate(const VectorStoreConfig& config) {
    if (config.url.empty()) return {};
    ARCHAEO_ASSIGN(const auto location, qdrant::parse_location(config.url));
    ARCHAEO_TRY(qdrant::Server::open(location, {.ca_file = config.ca_file, .proxy = config.proxy}));
    return {};
}

std::string to_string(const VectorStoreConfig& config, const std::string& data_dir) {
    if (config.url.empty()) return data_dir + "/vectors";
    const auto location = qdrant::parse_location(config.url);
    return location ? qdrant::to_string(*location) : "qdrant+http://?";
}

Result<std::unique_ptr<VectorStore>> open_vector_store(const VectorStoreConfig& config, const std::string& data_dir,
                                                       const VectorModel& model) {
    return open_vector_store(config, data_dir, model, {});
}

Result<std::unique_ptr<VectorStore>> open_vector_store(const VectorStoreConfig& config, const std::string& data_dir,
                                                       const VectorModel& model, VectorTools tools) {
    if (config.url.empty()) return open_embedded_store(data_dir + "/vectors", {.dimension = model.dimension});
    ARCHAEO_ASSIGN(const auto location, qdrant::parse_location(config.url));
    const qdrant::ServerOptions options{.api_key = config.api_key,
                                        .ca_file = config.ca_file,
                                        .proxy = config.proxy,
                                        .log = std::move(tools.log),
                                        .metrics = std::move(tools.metrics)};
    return open_qdrant_store(location, options, model);
}

}  // namespace archaeologist
