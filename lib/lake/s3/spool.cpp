#include "lake/s3/spool.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/errno_error.hpp"

namespace archaeologist::s3 {
namespace {

constexpr std::size_t memory_bytes_max = 1 << 20;

// Only what a caller can act upon; a missing folder is not a missing blob.
Error storage_error(int errno_value, const std::string& what) {
    Error error = errno_error(errno_value, what);
    if (error.code != Code::storage_full && error.code != Code::permission_denied) error.code = Code::io_error;
    return error;
}

Result<Fd> nameless_file(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return storage_error(errno, "make folder " + folder);
    Fd file(::open(folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
    if (!file) return storage_error(errno, "make a file in " + folder);
    return file;
}

Status write_all(int fd, std::string_view bytes, const std::string& folder) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(fd, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return storage_error(errno, "write a file in " + folder);
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return {};
}

}  // namespace

Status Spool::write(std::string_view bytes) {
    if (bytes.size() > size_max_ - blob_.size_bytes) {
        return Error{Code::too_large, "content has more than " + std::to_string(size_max_) + " bytes, the limit"};
    }
    blob_.size_bytes += bytes.size();
    sha_.update(bytes);
    if (!file_ && blob_.size_bytes > memory_bytes_max) {
        ARCHAEO_ASSIGN(file_, nameless_file(folder_));
        ARCHAEO_TRY(write_all(file_.get(), memory_, folder_));
        memory_ = {};
    }
    if (file_) return write_all(file_.get(), bytes, folder_);
    memory_ += bytes;
    return {};
}

Result<std::size_t> Spool::read_at(std::uint64_t offset, std::span<char> buffer) const {
    const auto wanted = static_cast<std::size_t>(
        std::min<std::uint64_t>(buffer.size(), blob_.size_bytes - std::min(offset, blob_.size_bytes)));
    if (!file_) {
        if (wanted > 0) std::memcpy(buffer.data(), memory_.data() + offset, wanted);
        return wanted;
    }
    std::size_t done = 0;
    while (done < wanted) {
        const ssize_t size =
            ::pread(file_.get(), buffer.data() + done, wanted - done, static_cast<off_t>(offset + done));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return storage_error(errno, "read back what is to be sent");
        if (size == 0) return Error{Code::io_error, "what is to be sent got shorter"};
        done += static_cast<std::size_t>(size);
    }
    return done;
}

Result<std::size_t> SpoolBody::read_at(std::uint64_t offset, std::span<char> buffer) {
    const std::uint64_t left = size_ - std::min(offset, size_);
    return spool_.read_at(offset_ + offset, buffer.first(std::min<std::uint64_t>(buffer.size(), left)));
}

}  // namespace archaeologist::s3
