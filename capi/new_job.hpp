// A job that a program describes.
#pragma once

#include "arguments.hpp"

namespace archaeologist::capi {

// Errors: invalid_argument, too_large.
[[nodiscard]] Result<NewJob> new_job(const archaeo_new_job& given);

}  // namespace archaeologist::capi
