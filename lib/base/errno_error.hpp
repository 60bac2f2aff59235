// What the operating system refused, as an Error.
#pragma once

#include <string>
#include <string_view>

#include "archaeologist/result.hpp"

namespace archaeologist {

// `what` names the action and the thing ("open /data/lake"). The message adds the system's own words:
// ENOSPC, EDQUOT, EFBIG → storage_full · EACCES, EPERM, EROFS → permission_denied · ENOENT, ENOTDIR → not_found ·
// EEXIST → already_exists · EMFILE, ENFILE, ENOMEM, EAGAIN → unavailable · ENAMETOOLONG, ELOOP → invalid_argument ·
// everything else → io_error.
[[nodiscard]] Error errno_error(int errno_value, std::string_view what);

// "No space left on device"; thread-safe.
[[nodiscard]] std::string errno_text(int errno_value);

}  // namespace archaeologist
