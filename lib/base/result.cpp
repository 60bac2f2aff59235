#include "archaeologist/result.hpp"

namespace archaeologist {

std::string_view to_string(Code code) {
    switch (code) {
        case Code::invalid_argument: return "invalid_argument";
        case Code::not_found: return "not_found";
        case Code::already_exists: return "already_exists";
        case Code::conflict: return "conflict";
        case Code::lease_lost: return "lease_lost";
        case Code::cancelled: return "cancelled";
        case Code::timed_out: return "timed_out";
        case Code::too_large: return "too_large";
        case Code::unsupported: return "unsupported";
        case Code::permission_denied: return "permission_denied";
        case Code::corrupt: return "corrupt";
        case Code::incompatible: return "incompatible";
        case Code::unavailable: return "unavailable";
        case Code::rate_limited: return "rate_limited";
        case Code::storage_full: return "storage_full";
        case Code::io_error: return "io_error";
        case Code::internal: return "internal";
    }
    return "internal";
}

}  // namespace archaeologist
