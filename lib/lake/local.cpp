#include "lake/local.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/errno_error.hpp"
#include "base/fd.hpp"
#include "base/hex.hpp"
#include "base/sha256.hpp"

namespace archaeologist {
namespace {

constexpr std::string_view tmp_prefix = "put-";

// Only what a caller can act upon; a missing folder inside the lake is damage, not "not_found".
Error storage_error(int errno_value, const std::string& what) {
    Error error = errno_error(errno_value, what);
    if (error.code != Code::storage_full && error.code != Code::permission_denied) error.code = Code::io_error;
    return error;
}

Status write_all(int fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(fd, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return storage_error(errno, "write " + path);
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return {};
}

Status sync(int fd, const std::string& path) {
    if (::fsync(fd) != 0) return storage_error(errno, "fsync " + path);
    return {};
}

Result<Fd> open_folder(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return storage_error(errno, "open folder " + path);
    return fd;
}

// A folder below `parent`, made durable if it was made here.
Result<Fd> make_folder(int parent, const std::string& parent_path, const std::string& name) {
    const std::string path = parent_path + "/" + name;
    if (::mkdirat(parent, name.c_str(), 0755) == 0) {
        ARCHAEO_TRY(sync(parent, parent_path));
    } else if (errno != EEXIST) {
        return storage_error(errno, "make folder " + path);
    }
    return open_folder(path);
}

// A file under way. It holds a lock for as long as its process lives: cleaning removes only files whose lock is free.
class TmpFile {
public:
    static Result<TmpFile> create(int folder, const std::string& folder_path) {
        for (;;) {
            ARCHAEO_ASSIGN(std::string name, random_name());
            TmpFile tmp(folder, std::move(name));
            tmp.path_ = folder_path + "/" + tmp.name_;
            tmp.fd_ = Fd(::openat(folder, tmp.name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444));
            if (!tmp.fd_ && errno == EEXIST) continue;
            if (!tmp.fd_) return storage_error(errno, "create " + tmp.path_);
            ARCHAEO_ASSIGN(const Lock lock, tmp.lock());
            if (lock == Lock::held) return tmp;
        }
    }
    TmpFile(TmpFile&& other) noexcept = default;
    TmpFile& operator=(TmpFile&&) = delete;
    ~TmpFile() {
        if (fd_) ::unlinkat(folder_, name_.c_str(), 0);
    }

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    void renamed_away() { fd_.reset(); }

private:
    TmpFile(int folder, std::string name) : folder_(folder), name_(std::move(name)) {}

    // From the kernel in one call: std::random_device asks the processor for every word, which takes longer than the file.
    static Result<std::string> random_name() {
        std::array<std::uint8_t, 16> bytes{};
        if (::getentropy(bytes.data(), bytes.size()) != 0) return storage_error(errno, "get random bytes");
        return std::string(tmp_prefix) + to_hex(bytes);
    }

    // lost: a cleaning process saw the file before it was locked and removes it.
    enum class Lock { held, lost };
    [[nodiscard]] Result<Lock> lock() const {
        if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return Lock::lost;
            return storage_error(errno, "lock " + path_);
        }
        struct stat status {};
        if (::fstat(fd_.get(), &status) != 0) return storage_error(errno, "stat " + path_);
        return status.st_nlink > 0 ? Lock::held : Lock::lost;
    }

    int folder_;
    std::string name_;
    std::string path_;
    Fd fd_;
};

void remove_stale(int folder) {
    Fd copy(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!copy) return;
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy.get()), &::closedir);
    if (!stream) return;
    static_cast<void>(copy.release());
    while (const dirent* entry = ::readdir(stream.get())) {
        if (!std::string_view(entry->d_name).starts_with(tmp_prefix)) continue;
        const Fd file(::openat(folder, entry->d_name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
        if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
        ::unlinkat(folder, entry->d_name, 0);
    }
}

class LocalBlob final : public Blob {
public:
    LocalBlob(Fd fd, std::uint64_t size, std::string path) : fd_(std::move(fd)), size_(size), path_(std::move(path)) {}

    [[nodiscard]] std::uint64_t size() const override { return size_; }

    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const override {
        std::size_t done = 0;
        if (offset >= size_) return done;
        const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), size_ - offset);
        while (done < wanted) {
            const ssize_t size =
                ::pread(fd_.get(), buffer.data() + done, wanted - done, static_cast<off_t>(offset + done));
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) return storage_error(errno, "read " + path_);
            if (size == 0) {
                return Error{Code::corrupt, path_ + " ended at byte " + std::to_string(offset + done) + ", must have " +
                                                std::to_string(size_)};
            }
            done += static_cast<std::size_t>(size);
        }
        return done;
    }

private:
    Fd fd_;
    std::uint64_t size_;
    std::string path_;
};

class LocalLake final : public Lake {
public:
    LocalLake(std::string path, Fd lake, std::string tmp_path, Fd tmp)
        : path_(std::move(path)), lake_(std::move(lake)), tmp_path_(std::move(tmp_path)), tmp_(std::move(tmp)) {}

    [[nodiscard]] Result<std::unique_ptr<BlobWriter>> begin(std::uint64_t size_max) override {
        ARCHAEO_ASSIGN(auto tmp, TmpFile::create(tmp_.get(), tmp_path_));
        return std::unique_ptr<BlobWriter>(std::make_unique<Writer>(*this, std::move(tmp), size_max));
    }

    [[nodiscard]] Result<std::unique_ptr<Blob>> open(const ContentHash& hash) override {
        const std::string name = blob_name(hash);
        // The second look at the first place catches a blob restored from the trash in between.
        for (const std::string& place : {name, trash_name(hash), name}) {
            Fd fd(::openat(lake_.get(), place.c_str(), O_RDONLY | O_CLOEXEC));
            if (!fd && errno == ENOENT) continue;
            if (!fd) return storage_error(errno, "open " + path_ + "/" + place);
            struct stat status {};
            if (::fstat(fd.get(), &status) != 0) return storage_error(errno, "stat " + path_ + "/" + place);
            return std::unique_ptr<Blob>(std::make_unique<LocalBlob>(
                std::move(fd), static_cast<std::uint64_t>(status.st_size), path_ + "/" + place));
        }
        return Error{Code::not_found, "blob " + hash.hex() + " is not in lake " + path_};
    }

    [[nodiscard]] Result<bool> contains(const ContentHash& hash) override {
        const auto blob = open(hash);
        if (!blob && blob.error().code != Code::not_found) return blob.error();
        return blob.has_value();
    }

    // Not durable at once: what comes back after a crash nobody names either.
    [[nodiscard]] Status remove(const ContentHash& hash) override {
        for (const std::string& place : {blob_name(hash), trash_name(hash)}) {
            if (::unlinkat(lake_.get(), place.c_str(), 0) == 0 || errno == ENOENT) continue;
            return storage_error(errno, "remove " + path_ + "/" + place);
        }
        return {};
    }

    // What is in the trash is not listed: nothing names it.
    [[nodiscard]] Result<std::vector<StoredBlob>> list(const std::optional<ContentHash>& after,
                                                       std::size_t limit) override {
        std::vector<StoredBlob> blobs;
        for (unsigned shard = after ? after->bytes[0] : 0; shard < 256 && blobs.size() < limit; ++shard) {
            ARCHAEO_ASSIGN(const auto hashes, hashes_in(static_cast<std::uint8_t>(shard)));
            for (const ContentHash& hash : hashes) {
                if (after && hash <= *after) continue;
                if (blobs.size() == limit) break;
                struct stat status {};
                const std::string name = blob_name(hash);
                if (::fstatat(lake_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
                    if (S_ISREG(status.st_mode)) blobs.push_back({hash, static_cast<std::uint64_t>(status.st_size)});
                } else if (errno != ENOENT) {
                    return storage_error(errno, "stat " + path_ + "/" + name);
                }
            }
        }
        return blobs;
    }

private:
    // Sorted.
    [[nodiscard]] Result<std::vector<ContentHash>> hashes_in(std::uint8_t shard) const {
        std::vector<ContentHash> hashes;
        const std::string name = to_hex(std::array{shard});
        Fd fd(::openat(lake_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!fd && errno == ENOENT) return hashes;
        if (!fd) return storage_error(errno, "open folder " + path_ + "/" + name);
        const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), &::closedir);
        if (!stream) return storage_error(errno, "read folder " + path_ + "/" + name);
        static_cast<void>(fd.release());
        while (const dirent* entry = ::readdir(stream.get())) {
            const auto hash = ContentHash::parse(entry->d_name);
            if (hash && hash->bytes[0] == shard) hashes.push_back(*hash);
        }
        std::sort(hashes.begin(), hashes.end());
        return hashes;
    }

    static std::string blob_name(const ContentHash& hash) {
        const std::string hex = hash.hex();
        return hex.substr(0, 2) + "/" + hex;
    }
    static std::string trash_name(const ContentHash& hash) { return "trash/" + hash.hex(); }

    class Writer final : public BlobWriter {
    public:
        Writer(LocalLake& lake, TmpFile tmp, std::uint64_t size_max)
            : lake_(lake), tmp_(std::move(tmp)), size_max_(size_max) {}

        [[nodiscard]] Status write(std::string_view bytes) override {
            if (bytes.size() > size_max_ - size_) {
                return Error{Code::too_large,
                             "content has more than " + std::to_string(size_max_) + " bytes, the limit"};
            }
            size_ += bytes.size();
            sha_.update(bytes);
            return write_all(tmp_.fd(), bytes, tmp_.path());
        }

        [[nodiscard]] Result<StoredBlob> finish() override {
            const StoredBlob blob{sha_.finish(), size_};
            ARCHAEO_TRY(sync(tmp_.fd(), tmp_.path()));
            ARCHAEO_TRY(lake_.publish(tmp_, blob.hash));
            return blob;
        }

    private:
        LocalLake& lake_;
        TmpFile tmp_;
        const std::uint64_t size_max_;
        std::uint64_t size_ = 0;
        Sha256 sha_;
    };

    Status publish(TmpFile& tmp, const ContentHash& hash) {
        const std::string name = blob_name(hash);
        ARCHAEO_ASSIGN(const Fd folder, shard(hash));
        if (::renameat(tmp_.get(), tmp.name().c_str(), lake_.get(), name.c_str()) != 0) {
            return storage_error(errno, "rename " + tmp.path() + " to " + path_ + "/" + name);
        }
        tmp.renamed_away();
        return sync(folder.get(), path_ + "/" + name.substr(0, 2));
    }

    // The folder of a blob, itself durable. Another process may have made it and not yet synced its parent, so every
    // process syncs once a shard, whoever made it.
    Result<Fd> shard(const ContentHash& hash) {
        const std::string name = hash.hex().substr(0, 2);
        const std::string path = path_ + "/" + name;
        if (::mkdirat(lake_.get(), name.c_str(), 0755) != 0 && errno != EEXIST) {
            return storage_error(errno, "make folder " + path);
        }
        std::atomic<bool>& durable = durable_shards_[hash.bytes[0]];
        if (!durable.load()) {
            ARCHAEO_TRY(sync(lake_.get(), path_));
            durable.store(true);
        }
        Fd fd(::openat(lake_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!fd) return storage_error(errno, "open folder " + path);
        return fd;
    }

    std::string path_;
    Fd lake_;
    std::string tmp_path_;
    Fd tmp_;
    std::array<std::atomic<bool>, 256> durable_shards_{};
};

}  // namespace

Status make_data_folder(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) return {};
    const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
    if (parent != path) ARCHAEO_TRY(make_data_folder(parent));
    if (!path.has_filename()) return {};
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
        return storage_error(errno, "make folder " + path.string());
    ARCHAEO_ASSIGN(const Fd folder, open_folder(parent.string()));
    return sync(folder.get(), parent.string());
}

Result<std::unique_ptr<Lake>> open_local_lake(const std::string& data_dir) {
    ARCHAEO_TRY(make_data_folder(data_dir));
    ARCHAEO_ASSIGN(const Fd data, open_folder(data_dir));
    ARCHAEO_ASSIGN(Fd lake, make_folder(data.get(), data_dir, "lake"));
    ARCHAEO_ASSIGN(Fd tmp, make_folder(data.get(), data_dir, "tmp"));
    remove_stale(tmp.get());
    return std::unique_ptr<Lake>(
        std::make_unique<LocalLake>(data_dir + "/lake", std::move(lake), data_dir + "/tmp", std::move(tmp)));
}

}  // namespace archaeologist
