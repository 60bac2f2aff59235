// A regular file as a stream of bytes.
#pragma once

#include <cstdint>
#include <string>

#include "archaeologist/lake.hpp"
#include "base/fd.hpp"

namespace archaeologist {

class FileSource final : public ByteSource {
public:
    // Never hangs on a pipe. Errors: not_found, permission_denied, invalid_argument (no regular file), io_error.
    [[nodiscard]] static Result<FileSource> open(std::string path);

    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;

    // When it was opened; a file that is being written may give more or fewer bytes.
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    FileSource(std::string path, Fd fd, std::uint64_t size) : path_(std::move(path)), fd_(std::move(fd)), size_(size) {}

    std::string path_;
    Fd fd_;
    std::uint64_t size_;
};

}  // namespace archaeologist
