// The data lake: bytes by their hash. A blob never changes; names live in the catalog only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

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

// Thread-safe.
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

    // The whole blob; for small ones. Errors: as open; too_large above size_max.
    [[nodiscard]] Result<std::string> read(const ContentHash& hash, std::uint64_t size_max);
};

}  // namespace archaeologist
