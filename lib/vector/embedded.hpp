// The vector store that needs no server: one SQLite file a project.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/vector_store.hpp"
#include "vector/project_file.hpp"

namespace archaeologist {

// Keeps its files as FOLDER/PROJECT.db; makes the folder where it is missing. Files are opened when first asked for, and
// at most 64 stay open that nobody uses. Several processes may share the folder.
// Errors: invalid_argument (dimension is not 1 to 65,536), io_error, permission_denied.
[[nodiscard]] Result<std::unique_ptr<VectorStore>> open_embedded_store(std::string folder,
                                                                       const EmbeddedOptions& options);

}  // namespace archaeologist
