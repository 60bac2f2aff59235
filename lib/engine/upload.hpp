// What uploads and ingests share.
#pragma once

#include <string>
#include <string_view>

#include "archaeologist/engine.hpp"
#include "catalog/sources.hpp"

namespace archaeologist {

// What a source may be called at all, which is what printable_name (engine/walk.hpp) makes of a path.
// Errors: invalid_argument.
[[nodiscard]] Status validate_source_name(std::string_view name, std::size_t bytes_max);

// What an upload may be called: it is printed, put into headers and into file systems, so it also has no control
// characters, and no part of it more bytes than a file system takes. Errors: invalid_argument.
[[nodiscard]] Status validate_filename(std::string_view name, std::size_t bytes_max);

[[nodiscard]] catalog::NewVersion new_version(const UploadRequest& request, const StoredBlob& blob);

}  // namespace archaeologist
