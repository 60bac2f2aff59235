// A regular file of this machine, to be sent elsewhere. Its errors are worded as an ingest on this machine would word them.
#pragma once

#include <cstdint>
#include <string>

#include "archaeologist/lake.hpp"

namespace archaeologist::cli {

class LocalFile final : public ByteSource {
public:
    // Never hangs on a pipe. Errors: not_found, permission_denied, invalid_argument (no regular file), io_error.
    [[nodiscard]] static Result<LocalFile> open(std::string path);
    LocalFile(LocalFile&& other) noexcept;
    LocalFile& operator=(LocalFile&&) = delete;
    LocalFile(const LocalFile&) = delete;
    LocalFile& operator=(const LocalFile&) = delete;
    ~LocalFile() override;

    // No more than size() bytes in all. Errors: io_error, also when the file has become shorter.
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
    [[nodiscard]] Status rewind();

    // When it was opened.
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    LocalFile(std::string path, int descriptor, std::uint64_t size)
        : path_(std::move(path)), descriptor_(descriptor), size_(size), left_(size) {}

    std::string path_;
    int descriptor_;
    std::uint64_t size_;
    std::uint64_t left_;
};

}  // namespace archaeologist::cli
