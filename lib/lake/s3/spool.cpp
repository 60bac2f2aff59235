#include "lake/s3/spool.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/errno_error.hpp"
#include "base/sha256.hpp"

namespace archaeologist::s3 {
namespace {

constexpr std::size_t memory_bytes_max = 1 << 20;
constexpr std::size_t buffer_bytes = 256 << 10;

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

Result<Spool> Spool::fill(ByteSource& source, std::uint64_t size_max, const std::string& folder) {
    const auto buffer = std::make_unique_for_overwrite<char[]>(buffer_bytes);
    Spool spool;
    Sha256 sha;
    std::uint64_t size = 0;
    for (;;) {
        ARCHAEO_ASSIGN(const std::size_t got, source.read({buffer.get(), buffer_bytes}));
        if (got == 0) break;
        if (got > size_max - size) {
            return Error{Code::too_large, "content has more than " + std::to_string(size_max) + " bytes, the limit"};
        }
        size += got;
        const std::string_view piece(buffer.get(), got);
        sha.update(piece);
        if (!spool.file_ && size > memory_bytes_max) {
            ARCHAEO_ASSIGN(spool.file_, nameless_file(folder));
            ARCHAEO_TRY(write_all(spool.file_.get(), spool.memory_, folder));
            spool.memory_ = {};
        }
        if (spool.file_) {
            ARCHAEO_TRY(write_all(spool.file_.get(), piece, folder));
        } else {
            spool.memory_ += piece;
        }
    }
    spool.blob_ = {sha.finish(), size};
    return spool;
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
