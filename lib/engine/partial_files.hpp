// Files that arrive in pieces, while they are not whole: DATA/partial/, one file each, named by what it belongs to. They
// outlive processes; only one call at a time may add to one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"
#include "archaeologist/lake.hpp"
#include "archaeologist/result.hpp"
#include "base/fd.hpp"

namespace archaeologist {

// One of them, locked. Its bytes are always a beginning of the file that the latest caller sends. One thread at a time.
class PartialFile {
public:
    [[nodiscard]] std::uint64_t size() const { return size_; }
    // How many of its first bytes are those that were there when it was taken.
    [[nodiscard]] std::uint64_t untouched() const { return untouched_; }

    // Bytes of the whole file from `offset` (at most size()) on. Where they are what is there, nothing changes; those that
    // differ take the place of what is there and of all behind it.
    [[nodiscard]] Status write(std::uint64_t offset, std::string_view bytes);
    [[nodiscard]] Status truncate(std::uint64_t size);
    // What was written is durable, and counts as written `now`.
    [[nodiscard]] Status sync(TimePoint now);
    // Fewer bytes than asked only at its end.
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const;
    void remove();

private:
    friend class PartialFiles;
    PartialFile(std::string path, Fd fd, std::uint64_t size)
        : path_(std::move(path)), fd_(std::move(fd)), size_(size), untouched_(size) {}

    std::string path_;
    Fd fd_;  // with its lock
    std::uint64_t size_;
    std::uint64_t untouched_;
};

// The folder. Thread-safe, also among processes.
class PartialFiles {
public:
    // Makes the folder where it is missing. Errors: permission_denied, storage_full, io_error.
    [[nodiscard]] static Result<PartialFiles> open(const std::string& data_dir);

    // Empty where there was none. Errors: conflict (another call has it), permission_denied, storage_full, io_error.
    [[nodiscard]] Result<PartialFile> take(const ContentHash& name) const;

    // Removes those that nobody has and nobody added to since a moment.
    void clean(TimePoint before) const;

private:
    PartialFiles(std::string path, Fd folder) : path_(std::move(path)), folder_(std::move(folder)) {}

    std::string path_;
    Fd folder_;
};

// A partial file from front to back; it must outlive the source.
class PartialSource final : public ByteSource {
public:
    explicit PartialSource(const PartialFile& file) : file_(file) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;

private:
    const PartialFile& file_;
    std::uint64_t offset_ = 0;
};

}  // namespace archaeologist
