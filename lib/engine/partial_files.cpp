#include "engine/partial_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "base/errno_error.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t compared_bytes = 64 << 10;

// A folder of ours that is gone is damage, not "not_found".
Error storage_error(int errno_value, const std::string& what) {
    Error error = errno_error(errno_value, what);
    if (error.code != Code::storage_full && error.code != Code::permission_denied) error.code = Code::io_error;
    return error;
}

TimePoint time_of(const timespec& at) {
    return from_ms(static_cast<std::int64_t>(at.tv_sec) * 1'000 + at.tv_nsec / 1'000'000);
}

timespec timespec_of(TimePoint at) {
    timespec spec{};
    spec.tv_sec = to_ms(at) / 1'000;
    spec.tv_nsec = to_ms(at) % 1'000 * 1'000'000;
    return spec;
}

// Whether it is locked by this process now and still has its name.
Result<bool> lock(const Fd& fd, const std::string& path, struct stat& status) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return storage_error(errno, "lock " + path);
        // Without the path: clients of a server see this.
        return Error{Code::conflict, "the file is in use: another call is adding to it, must end first"};
    }
    if (::fstat(fd.get(), &status) != 0) return storage_error(errno, "stat " + path);
    return status.st_nlink > 0;
}

}  // namespace

Result<std::size_t> PartialFile::read_at(std::uint64_t offset, std::span<char> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t size =
            ::pread(fd_.get(), buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return storage_error(errno, "read " + path_);
        if (size == 0) break;
        done += static_cast<std::size_t>(size);
    }
    return done;
}

Status PartialFile::write(std::uint64_t offset, std::string_view bytes) {
    std::array<char, compared_bytes> there{};
    while (offset < size_ && !bytes.empty()) {
        const std::size_t wanted = std::min<std::uint64_t>({there.size(), bytes.size(), size_ - offset});
        ARCHAEO_ASSIGN(const std::size_t got, read_at(offset, std::span(there).first(wanted)));
        const auto [mine, other] =
            std::mismatch(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got), there.begin());
        const auto same = static_cast<std::size_t>(mine - bytes.begin());
        offset += same;
        bytes.remove_prefix(same);
        if (same < wanted) ARCHAEO_TRY(truncate(offset));
    }
    while (!bytes.empty()) {
        const ssize_t size = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return storage_error(errno, "write " + path_);
        offset += static_cast<std::uint64_t>(size);
        bytes.remove_prefix(static_cast<std::size_t>(size));
        size_ = offset;
    }
    return {};
}

Status PartialFile::truncate(std::uint64_t size) {
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return storage_error(errno, "cut " + path_);
    size_ = size;
    untouched_ = std::min(untouched_, size);
    return {};
}

Status PartialFile::sync(TimePoint now) {
    const std::array<timespec, 2> times{timespec_of(now), timespec_of(now)};
    if (::futimens(fd_.get(), times.data()) != 0) return storage_error(errno, "set the time of " + path_);
    if (::fsync(fd_.get()) != 0) return storage_error(errno, "fsync " + path_);
    return {};
}

void PartialFile::remove() { ::unlink(path_.c_str()); }

Result<PartialFiles> PartialFiles::open(const std::string& data_dir) {
    std::string path = data_dir + "/partial";
    if (::mkdir(path.c_str(), 0755) == 0) {
        const Fd parent(::open(data_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!parent || ::fsync(parent.get()) != 0) return storage_error(errno, "fsync " + data_dir);
    } else if (errno != EEXIST) {
        return storage_error(errno, "make folder " + path);
    }
    Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return storage_error(errno, "open folder " + path);
    return PartialFiles(std::move(path), std::move(folder));
}

Result<PartialFile> PartialFiles::take(const ContentHash& name) const {
    const std::string path = path_ + "/" + name.hex();
    for (;;) {
        Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        if (!fd) return storage_error(errno, "open " + path);
        struct stat status {};
        ARCHAEO_ASSIGN(const bool held, lock(fd, path, status));
        if (!held) continue;  // it was finished or cleaned away in between
        // Its name must be as durable as what is written into it.
        if (status.st_size == 0 && ::fsync(folder_.get()) != 0) return storage_error(errno, "fsync " + path_);
        return PartialFile(path, std::move(fd), static_cast<std::uint64_t>(status.st_size));
    }
}

void PartialFiles::clean(TimePoint before) const {
    Fd copy(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!copy) return;
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy.get()), &::closedir);
    if (!stream) return;
    static_cast<void>(copy.release());
    while (const dirent* entry = ::readdir(stream.get())) {
        if (!ContentHash::parse(entry->d_name)) continue;
        const Fd file(::openat(folder_.get(), entry->d_name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
        struct stat status {};
        if (!file || ::fstat(file.get(), &status) != 0 || time_of(status.st_mtim) >= before) continue;
        // Once more, when nobody can add to it.
        const auto held = lock(file, path_, status);
        if (held && *held && time_of(status.st_mtim) < before) ::unlinkat(folder_.get(), entry->d_name, 0);
    }
}

Result<std::size_t> PartialSource::read(std::span<char> buffer) {
    ARCHAEO_ASSIGN(const std::size_t size, file_.read_at(offset_, buffer));
    offset_ += size;
    return size;
}

}  // namespace archaeologist
