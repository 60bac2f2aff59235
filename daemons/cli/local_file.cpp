#include "cli/local_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace archaeologist::cli {
namespace {

Error errno_error(int number, const std::string& what) {
    Code code = Code::io_error;
    if (number == ENOENT || number == ENOTDIR) code = Code::not_found;
    if (number == EACCES || number == EPERM) code = Code::permission_denied;
    return {code, what + ": " + std::generic_category().message(number)};
}

}  // namespace

Result<LocalFile> LocalFile::open(std::string path) {
    // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return errno_error(errno, "open " + path);
    LocalFile file(std::move(path), descriptor, 0);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return errno_error(errno, "stat " + file.path_);
    if (!S_ISREG(status.st_mode)) return Error{Code::invalid_argument, file.path_ + " must be a regular file"};
    file.size_ = file.left_ = static_cast<std::uint64_t>(status.st_size);
    return file;
}

LocalFile::LocalFile(LocalFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      left_(other.left_) {}

LocalFile::~LocalFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> LocalFile::read(std::span<char> buffer) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    if (wanted == 0) return std::size_t{0};
    for (;;) {
        const ssize_t size = ::read(descriptor_, buffer.data(), wanted);
        if (size == 0) return Error{Code::io_error, "read " + path_ + ": it became shorter meanwhile"};
        if (size > 0) {
            left_ -= static_cast<std::uint64_t>(size);
            return static_cast<std::size_t>(size);
        }
        if (errno != EINTR) return errno_error(errno, "read " + path_);
    }
}

Status LocalFile::rewind() {
    if (::lseek(descriptor_, 0, SEEK_SET) != 0) return errno_error(errno, "rewind " + path_);
    left_ = size_;
    return {};
}

}  // namespace archaeologist::cli
