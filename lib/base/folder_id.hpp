// Which data folder it is, wherever it is mounted.
#pragma once

#include <string>

#include "archaeologist/result.hpp"

namespace archaeologist {

// The UUID in DATA/id, made if missing; DATA must exist. Errors: corrupt, io_error, permission_denied, storage_full.
[[nodiscard]] Result<std::string> folder_id(const std::string& data_dir);

}  // namespace archaeologist
