// A lake in a local folder: DATA/lake/xx/HASH, where xx are the hash's first two digits.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "archaeologist/lake.hpp"

namespace archaeologist {

// With those above it; each that is made is durable in its parent. Errors: permission_denied, storage_full, io_error.
[[nodiscard]] Status make_data_folder(const std::filesystem::path& path);

// Makes DATA/lake and DATA/tmp where they are missing and removes from DATA/tmp what dead processes left half-written.
// Several processes may share the folder. A blob is fsynced and renamed into place over whatever has its name, so a
// damaged copy heals when its content comes again; open blobs keep reading the bytes they were opened with. Blobs that
// were moved to DATA/lake/trash are still found.
//
// A write past RLIMIT_FSIZE raises SIGXFSZ, which ends a program that does not ignore it. The library never changes
// signal handlers; a program that sets such a limit and ignores the signal gets storage_full.
//
// Errors: permission_denied, storage_full, io_error.
[[nodiscard]] Result<std::unique_ptr<Lake>> open_local_lake(const std::string& data_dir);

}  // namespace archaeologist
