// Cuts text into chunks for search. Usable alone: pure, no engine, no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist {

// Half-open, in bytes of the normalised UTF-8 text.
struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    bool operator==(const ByteRange&) const = default;
};

// 1-based, both ends included. Only "\n" ends a line.
struct LineRange {
    std::uint64_t first = 1;
    std::uint64_t last = 1;

    bool operator==(const LineRange&) const = default;
};

enum class TextKind : std::uint8_t { plain, markdown, code, table };

struct ChunkOptions {
    TextKind kind = TextKind::plain;
    std::uint32_t target_tokens = 300;  // 16 to 8192
    std::uint32_t max_tokens = 400;     // never above; target to 16384
    double overlap = 0.15;              // of the target, as context before the core; 0 to 0.5
    // Of code: "c++", "python", "sql", …, as the language of a source. Empty: judged by the text's beginning. One that is
    // not known, or any other kind's, is of no effect.
    std::string language{};
};

// What the text from `begin` (an offset in the text) up to the next one's stands under; nothing when `text` is empty.
struct Heading {
    std::uint64_t begin = 0;
    std::string text;

    bool operator==(const Heading&) const = default;
};

struct Chunk {
    std::uint32_t ordinal = 0;
    ByteRange core;            // cores tile the text exactly, in order
    ByteRange context;         // contains the core; what is embedded and indexed
    LineRange lines;           // of the core
    std::uint32_t tokens = 0;  // an estimate, of the context
    // Of Markdown the heading path ("Install > Linux"), of code the definition it is in, or else the first that begins in
    // it ("Queue::claim"), of a table its header row. Empty in plain text. At most 1,000 bytes.
    std::string heading;
    // Where the core's parts stand under different ones, or under none: all of them in order, the first at core.begin. At most
    // 64 of together 4,096 bytes; what stands behind those is told to stand under nothing. Empty: `heading` holds for it all.
    std::vector<Heading> headings{};
};

// How a text is cut, written into generation ids: the same options always give the same string.
[[nodiscard]] std::string describe(const ChunkOptions& options);

// Errors: invalid_argument (an option out of its range).
[[nodiscard]] Status validate(const ChunkOptions& options);

class Cutter;

// Cuts a text that arrives in pieces, with memory bounded by the options and the largest piece. Linear time on any
// input. The pieces' boundaries do not change the chunks. Text must be valid UTF-8 (a piece may end inside a code point).
// One thread at a time.
class Chunker {
public:
    // options must be valid.
    explicit Chunker(const ChunkOptions& options);
    ~Chunker();
    Chunker(Chunker&&) noexcept;
    Chunker& operator=(Chunker&&) noexcept;

    // A finished chunk with its context's bytes, which live until the next call of push or finish.
    struct Piece {
        Chunk chunk;
        std::string_view text;       // the context range's bytes
        std::string_view core_text;  // the part of it that is the core
    };

    // Takes the next bytes; returns the chunks that can no longer change.
    [[nodiscard]] const std::vector<Piece>& push(std::string_view bytes);
    // The text is over; returns the rest.
    [[nodiscard]] const std::vector<Piece>& finish();

private:
    std::unique_ptr<Cutter> cutter_;
};

// The same for a text in memory. Errors: invalid_argument (options; text that is not UTF-8).
[[nodiscard]] Result<std::vector<Chunk>> chunk(std::string_view text, const ChunkOptions& options);

}  // namespace archaeologist
