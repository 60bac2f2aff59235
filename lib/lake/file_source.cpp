#include "lake/file_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/errno_error.hpp"

namespace archaeologist {
namespace {

Error not_regular(const std::string& path, std::string_view kind) {
    return {Code::invalid_argument, path + " is " + std::string(kind) + ", must be a regular file"};
}

std::string_view kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a named pipe";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

}  // namespace

Result<FileSource> FileSource::open(std::string path) {
    if (path.find('\0') != std::string::npos) {
        return Error{Code::invalid_argument,
                     "path " + path.substr(0, path.find('\0')) + " has a NUL byte, must have none"};
    }
    // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd && errno == ENXIO) return not_regular(path, "a socket");
    if (!fd) return errno_error(errno, "open " + path);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return errno_error(errno, "stat " + path);
    if (!S_ISREG(status.st_mode)) return not_regular(path, kind_of(status.st_mode));
    return FileSource(std::move(path), std::move(fd), static_cast<std::uint64_t>(status.st_size));
}

Result<std::size_t> FileSource::read(std::span<char> buffer) {
    for (;;) {
        const ssize_t size = ::read(fd_.get(), buffer.data(), buffer.size());
        if (size >= 0) return static_cast<std::size_t>(size);
        if (errno != EINTR) return errno_error(errno, "read " + path_);
    }
}

}  // namespace archaeologist
