#include "base/errno_error.hpp"

#include <cerrno>
#include <system_error>

namespace archaeologist {
namespace {

Code code_of(int errno_value) {
    switch (errno_value) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return Code::storage_full;
        case EACCES:
        case EPERM:
        case EROFS: return Code::permission_denied;
        case ENOENT:
        case ENOTDIR: return Code::not_found;
        case EEXIST: return Code::already_exists;
        case EMFILE:
        case ENFILE:
        case ENOMEM:
        case EAGAIN: return Code::unavailable;
        case ENAMETOOLONG:
        case ELOOP: return Code::invalid_argument;
        default: return Code::io_error;
    }
}

// EFBIG says "File too large"; what the user must know is whose limit that is.
std::string_view rule_of(int errno_value) {
    switch (errno_value) {
        case ENOSPC: return "; free space on this file system and try again";
        case EDQUOT: return "; the user's disk quota must leave room";
        case EFBIG: return "; the process's file size limit (RLIMIT_FSIZE) or the file system's must allow it";
        case EROFS: return "; the file system must be writable";
        default: return {};
    }
}

}  // namespace

std::string errno_text(int errno_value) { return std::generic_category().message(errno_value); }

Error errno_error(int errno_value, std::string_view what) {
    std::string message(what);
    message.append(": ").append(errno_text(errno_value)).append(rule_of(errno_value));
    return {code_of(errno_value), std::move(message)};
}

}  // namespace archaeologist
