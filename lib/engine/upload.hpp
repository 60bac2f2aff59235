// What uploads and ingests share.
#pragma once

#include <string>
#include <string_view>

#include "archaeologist/engine.hpp"
#include "catalog/sources.hpp"

namespace archaeologist {

// Errors: invalid_argument.
[[nodiscard]] Status validate_filename(std::string_view name, std::size_t bytes_max);

[[nodiscard]] catalog::NewVersion new_version(const UploadRequest& request, const StoredBlob& blob,
                                              std::string original_filename);

}  // namespace archaeologist
