// The C codes are the numbers of Code. A new Code without its C name does not compile (-Wswitch).
#include <archaeologist/archaeologist.h>

#include <archaeologist/result.hpp>

#pragma GCC diagnostic error "-Wswitch"

namespace archaeologist {
namespace {

constexpr std::int32_t c_code(Code code) {
    switch (code) {
        case Code::invalid_argument: return ARCHAEO_INVALID_ARGUMENT;
        case Code::not_found: return ARCHAEO_NOT_FOUND;
        case Code::already_exists: return ARCHAEO_ALREADY_EXISTS;
        case Code::conflict: return ARCHAEO_CONFLICT;
        case Code::lease_lost: return ARCHAEO_LEASE_LOST;
        case Code::cancelled: return ARCHAEO_CANCELLED;
        case Code::timed_out: return ARCHAEO_TIMED_OUT;
        case Code::too_large: return ARCHAEO_TOO_LARGE;
        case Code::unsupported: return ARCHAEO_UNSUPPORTED;
        case Code::permission_denied: return ARCHAEO_PERMISSION_DENIED;
        case Code::corrupt: return ARCHAEO_CORRUPT;
        case Code::incompatible: return ARCHAEO_INCOMPATIBLE;
        case Code::unavailable: return ARCHAEO_UNAVAILABLE;
        case Code::rate_limited: return ARCHAEO_RATE_LIMITED;
        case Code::storage_full: return ARCHAEO_STORAGE_FULL;
        case Code::io_error: return ARCHAEO_IO_ERROR;
        case Code::internal: return ARCHAEO_INTERNAL;
    }
    return ARCHAEO_OK;
}

constexpr bool all_equal() {
    for (std::int32_t number = ARCHAEO_INVALID_ARGUMENT; number <= ARCHAEO_INTERNAL; ++number) {
        if (c_code(static_cast<Code>(number)) != number) return false;
    }
    return true;
}
static_assert(all_equal());

}  // namespace
}  // namespace archaeologist
