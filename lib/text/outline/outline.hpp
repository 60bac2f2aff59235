// Reads a text ahead of the cutter and keeps what the cutter asks for. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "archaeologist/chunker.hpp"
#include "text/outline/marks.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {

class Outline {
public:
    // Of plain text nothing is kept. Code without a language is read as what its beginning looks like.
    Outline(TextKind kind, std::string language);

    // Reads on, up to the end of `text`, which stands at `begin`: lines that end in it, and pieces of long ones.
    // What is left of the text's last line only if it `is_end`. What was read before is not read again.
    enum class Extent : std::uint8_t { more, end };
    void read(std::string_view text, std::uint64_t begin, Extent extent);

    [[nodiscard]] Marks& marks() { return marks_; }
    [[nodiscard]] const Marks& marks() const { return marks_; }
    // How far it has read.
    [[nodiscard]] std::uint64_t position() const { return position_; }

private:
    TextKind kind_;
    std::string language_;
    std::unique_ptr<Scanner> scanner_;  // made at the first read
    std::uint64_t position_ = 0;
    bool begins_line_ = true;
    Marks marks_;
};

}  // namespace archaeologist
