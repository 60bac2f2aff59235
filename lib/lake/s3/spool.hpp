// Content on its way to a place that wants to know its hash and size first: in memory while it is small, else in a file
// without a name, which is gone with the object or its process.
#pragma once

#include <cstdint>
#include <string>

#include "archaeologist/lake.hpp"
#include "base/fd.hpp"
#include "base/sha256.hpp"
#include "net/message.hpp"

namespace archaeologist::s3 {

class Spool {
public:
    // The folder is made when a file is needed.
    Spool(std::string folder, std::uint64_t size_max) : folder_(std::move(folder)), size_max_(size_max) {}

    // Errors: too_large, storage_full, permission_denied, io_error.
    [[nodiscard]] Status write(std::string_view bytes);
    // Nothing more is written; to be called once.
    void seal() { blob_.hash = sha_.finish(); }

    // Once sealed.
    [[nodiscard]] const StoredBlob& blob() const { return blob_; }

    // Fills the buffer from `offset`, fewer bytes only at the end. Errors: io_error.
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const;

private:
    std::string folder_;
    std::uint64_t size_max_;
    Sha256 sha_;
    StoredBlob blob_;
    std::string memory_;
    Fd file_;  // none: all is in memory
};

// A part of it, to be sent.
class SpoolBody final : public net::RequestBody {
public:
    SpoolBody(const Spool& spool, std::uint64_t offset, std::uint64_t size)
        : spool_(spool), offset_(offset), size_(size) {}
    [[nodiscard]] std::uint64_t size() const override { return size_; }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) override;

private:
    const Spool& spool_;
    std::uint64_t offset_;
    std::uint64_t size_;
};

}  // namespace archaeologist::s3
