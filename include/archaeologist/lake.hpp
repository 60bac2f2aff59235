// The data lake: bytes by their hash. A blob never changes; names live in the catalog only.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/id.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// A stream of bytes, read once from front to back. One thread at a time.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    // Fills up to buffer.size() bytes; 0 means the end.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

// Bytes already in memory; `content` must outlive the source.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::string_view content) : rest_(content) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;

private:
    std::string_view rest_;
};

// A stored blob. Thread-safe: reads carry their own offset.
// Errors of reads: corrupt (other bytes than were stored), unavailable (the lake is elsewhere and cannot be reached),
// not_found (it was removed meanwhile, from a lake elsewhere), io_error.
class Blob {
public:
    virtual ~Blob() = default;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    // Reads buffer.size() bytes from `offset`, fewer only at the end.
    [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const = 0;
};

struct StoredBlob {
    ContentHash hash;
    std::uint64_t size_bytes = 0;
};

// A blob under way. One thread at a time; must not outlive its lake. Destroyed unfinished, or after an error, it leaves
// nothing behind.
class BlobWriter {
public:
    virtual ~BlobWriter() = default;
    // Errors: too_large (more than size_max bytes in all), storage_full, io_error. After one it can only be destroyed.
    [[nodiscard]] virtual Status write(std::string_view bytes) = 0;
    // Durable and visible on return; to be called once. Errors: storage_full, io_error.
    [[nodiscard]] virtual Result<StoredBlob> finish() = 0;
};

// Opens a regular file to be read from front to back; never hangs on a pipe.
// Errors: not_found, permission_denied, invalid_argument (no regular file), io_error.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);

// Thread-safe. Any call of a lake that is elsewhere can also fail as unavailable: an outage, which ends by itself or when
// somebody changes what the message names.
class Lake {
public:
    virtual ~Lake() = default;

    // Begins a blob of at most size_max bytes, whose content comes bit by bit. Errors: storage_full, io_error.
    [[nodiscard]] virtual Result<std::unique_ptr<BlobWriter>> begin(std::uint64_t size_max) = 0;

    // Stores a stream; durable on return, invisible until then. Memory use does not grow with its size.
    // Errors: too_large (more than size_max bytes), storage_full, io_error, and whatever the source reports.
    [[nodiscard]] Result<StoredBlob> put(ByteSource& source, std::uint64_t size_max);

    // Errors: not_found, io_error.
    [[nodiscard]] virtual Result<std::unique_ptr<Blob>> open(const ContentHash& hash) = 0;

    [[nodiscard]] virtual Result<bool> contains(const ContentHash& hash) = 0;

    // Forgets a blob that nothing names. Idempotent. Errors: io_error, permission_denied.
    [[nodiscard]] virtual Status remove(const ContentHash& hash) = 0;

    // At most `limit` blobs in the order of their hashes, those behind `after`; fewer only at the end. What is put or
    // removed meanwhile may be among them or not. Errors: io_error, permission_denied.
    [[nodiscard]] virtual Result<std::vector<StoredBlob>> list(const std::optional<ContentHash>& after,
                                                               std::size_t limit) = 0;

    // Whether it answers now, within 3 s. Errors: unavailable, and what else a look at a blob may give.
    [[nodiscard]] virtual Status probe();

    // The whole blob; for small ones. Errors: as open; too_large above size_max.
    [[nodiscard]] Result<std::string> read(const ContentHash& hash, std::uint64_t size_max);
};

// A whole blob as a stream; the blob must outlive it.
class BlobSource final : public ByteSource {
public:
    explicit BlobSource(const Blob& blob) : blob_(blob) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;

private:
    const Blob& blob_;
    std::uint64_t offset_ = 0;
};

// Never in messages or logs.
struct S3Credentials {
    std::string access_key;  // empty = requests are not signed
    std::string secret_key;
    std::string session_token;  // of temporary ones
};

// Where blobs lie.
struct LakeConfig {
    // Empty = DATA/lake. Else a bucket of S3, or of what speaks as it does:
    //   s3://bucket[/prefix][?endpoint=https://host[:port]][&region=eu-central-1][&style=path|host]
    std::string url;
    S3Credentials credentials;
    std::string ca_file;  // PEM, instead of the system's authorities; empty = those
    std::string proxy;    // http://host:port; empty = none
};

// Errors: invalid_argument.
[[nodiscard]] Status validate(const LakeConfig& config);

// As messages may show it: "s3://bucket/prefix at https://host", or the folder.
[[nodiscard]] std::string to_string(const LakeConfig& config, const std::string& data_dir);

// A local lake is made where it is missing; one elsewhere is asked when it is first used, and keeps in DATA/tmp what it is
// about to send. Errors: invalid_argument, permission_denied, storage_full, io_error.
[[nodiscard]] Result<std::unique_ptr<Lake>> open_lake(const LakeConfig& config, const std::string& data_dir);

struct LakeCopyProgress {
    std::uint64_t blobs_found = 0;  // in the lake that is copied from, so far
    std::uint64_t blobs_copied = 0;
    std::uint64_t blobs_present = 0;  // in the other already
    std::uint64_t bytes_copied = 0;
    std::uint64_t blobs_counted = 0;  // afterwards, in the lake that was copied to
    std::uint64_t blobs_sampled = 0;  // and read back
};

struct LakeCopyOptions {
    int threads = 8;                          // 1 to 64
    std::uint64_t samples = 100;              // blobs that are read back and held against their hash
    std::uint64_t seed = 0;                   // of their choice
    const std::atomic<bool>* stop = nullptr;  // set from any thread: ends soon, with `cancelled`
};

// One blob that is not as it must be, and why.
struct LakeCopyProblem {
    ContentHash hash;
    Error error;
};

struct LakeCopyReport {
    LakeCopyProgress done;
    std::uint64_t blobs_missing = 0;        // of those found, in the lake that was copied to, by hash and size
    std::vector<LakeCopyProblem> problems;  // at most 100 kept
    std::uint64_t problem_count = 0;        // blobs that could not be read or were damaged, in either lake

    [[nodiscard]] bool is_whole() const { return blobs_missing == 0 && problem_count == 0; }
};

// Called from the calling thread, at most five times a second and once at the end.
using LakeCopyObserver = std::function<void(const LakeCopyProgress&)>;

// Copies what `from` has and `to` has not, then counts and reads samples back. Whatever stopped it, a second call goes on
// where the first one ended: what is there already is not copied again. Blobs may be put into both meanwhile.
// Errors: invalid_argument (the options), cancelled, and what ends the use of either lake (unavailable, storage_full, …).
[[nodiscard]] Result<LakeCopyReport> copy_lake(Lake& from, Lake& to, const LakeCopyOptions& options = {},
                                               const LakeCopyObserver& observer = {});

}  // namespace archaeologist
