#include "vector/qdrant.hpp"

#include "vector/int8_vector.hpp"
#include "vector/qdrant/store.hpp"

namespace archaeologist {

Result<std::unique_ptr<VectorStore>> open_qdrant_store(const qdrant::Location& location,
                                                       const qdrant::ServerOptions& options, VectorModel model,
                                                       std::string data_folder) {
    const std::size_t dimension = model.dimension;
    if (dimension < 1 || dimension > dimension_max) {
        return Error{Code::invalid_argument, "vector store: dimension is " + std::to_string(dimension) +
                                                 ", must be 1 to " + std::to_string(dimension_max)};
    }
    ARCHAEO_ASSIGN(auto server, qdrant::Server::open(location, options));
    auto collection =
        std::make_unique<qdrant::Collection>(location, std::move(server), std::move(model), std::move(data_folder));
    if (const Status ready = collection->ensure(); !ready) {
        if (ready.error().code == Code::incompatible) return ready.error();
        options.log(LogLevel::warning, ready.error().message + "; it is asked again when it is needed");
    }
    return std::unique_ptr<VectorStore>(std::make_unique<qdrant::Store>(std::move(collection), dimension));
}

}  // namespace archaeologist
