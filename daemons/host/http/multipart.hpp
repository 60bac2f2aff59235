// multipart/form-data (RFC 7578) as a stream: parts come one after another, each read at the caller's pace, in memory that
// does not grow with them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "archaeologist/lake.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist::host {

struct PartHead {
    std::string name;
    std::optional<std::string> filename;  // a part without one is a field
    std::string content_type;
};

// One thread at a time. Errors of all: invalid_argument (not as the standard says, cut in the middle), and those of the
// source below.
class MultipartReader {
public:
    // Errors: invalid_argument (no boundary in the Content-Type).
    [[nodiscard]] static Result<MultipartReader> open(ByteSource& body, std::string_view content_type);

    // Goes to the next part, over what is left of the one before; nothing: that was the last one.
    [[nodiscard]] Result<std::optional<PartHead>> next();

    // The bytes of the part at hand; 0 means its end.
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer);
    // All of them, as text.
    [[nodiscard]] Result<std::string> read_all(std::size_t bytes_max);

    // Whether the error that came was about the body's form.
    [[nodiscard]] bool is_malformed() const { return is_malformed_; }

private:
    MultipartReader(ByteSource& body, std::string_view boundary);
    // Reads more behind what is there; false: the body is over.
    [[nodiscard]] Result<bool> fill();
    [[nodiscard]] std::string_view rest() const { return {buffer_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] Result<std::string> line();
    [[nodiscard]] Result<PartHead> head();
    // How many bytes at the front surely belong to the part, and whether its end follows them.
    struct Sight {
        std::size_t bytes = 0;
        bool reaches_end = false;
    };
    [[nodiscard]] Sight sight();
    [[nodiscard]] Status end_part();

    [[nodiscard]] Error wrong(const std::string& what) {
        is_malformed_ = true;
        return {Code::invalid_argument, "multipart body: " + what};
    }

    ByteSource& body_;
    std::string delimiter_;  // CR LF "--" boundary
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool in_part_ = false;
    bool is_over_ = false;
    bool is_malformed_ = false;
};

// The part at hand as a source.
class PartSource final : public ByteSource {
public:
    explicit PartSource(MultipartReader& reader) : reader_(reader) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override { return reader_.read(buffer); }

private:
    MultipartReader& reader_;
};

}  // namespace archaeologist::host
