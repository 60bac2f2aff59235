#include "vector/open.hpp"

#include <xxhash.h>

#include <array>
#include <cstdio>

#include "archaeologist/embedder.hpp"
#include "base/folder_id.hpp"
#include "net/client.hpp"
#include "vector/embedded.hpp"
#include "vector/qdrant.hpp"

namespace archaeologist {

std::string vector_folder(const std::string& data_dir, std::string_view model_id) {
    static const std::string builtin = make_builtin_embedder()->model_id();
    std::string folder = data_dir + "/vectors";
    if (model_id == builtin) return folder;
    std::array<char, 17> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx",
                  static_cast<unsigned long long>(XXH3_64bits(model_id.data(), model_id.size())));
    return folder + "/" + hex.data();
}

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
    VectorTools tools;
    if (!config.url.empty() && !data_dir.empty()) {
        ARCHAEO_ASSIGN(tools.data_folder, folder_id(data_dir));
    }
    return open_vector_store(config, data_dir, model, std::move(tools));
}

Result<std::unique_ptr<VectorStore>> open_vector_store(const VectorStoreConfig& config, const std::string& data_dir,
                                                       const VectorModel& model, VectorTools tools) {
    if (config.url.empty())
        return open_embedded_store(vector_folder(data_dir, model.id), {.dimension = model.dimension});
    ARCHAEO_ASSIGN(const auto location, qdrant::parse_location(config.url));
    const qdrant::ServerOptions options{.api_key = config.api_key,
                                        .ca_file = config.ca_file,
                                        .proxy = config.proxy,
                                        .log = std::move(tools.log),
                                        .metrics = std::move(tools.metrics)};
    return open_qdrant_store(location, options, model, std::move(tools.data_folder));
}

}  // namespace archaeologist
