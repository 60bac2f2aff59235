// The vector store on a Qdrant of one or several nodes.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/vector_store.hpp"
#include "vector/qdrant/collection.hpp"

namespace archaeologist {

// Makes the collection and its indexes, or holds them against what they must be. A Qdrant that does not answer is looked at
// when it is first used.
// data_folder: the id of whose it is to be; empty = of whoever has it.
// Errors: invalid_argument (dimension is not 1 to 65,536), incompatible (the collection is for another model, or another data
// folder's).
[[nodiscard]] Result<std::unique_ptr<VectorStore>> open_qdrant_store(const qdrant::Location& location,
                                                                     const qdrant::ServerOptions& options,
                                                                     VectorModel model, std::string data_folder = {});

}  // namespace archaeologist
