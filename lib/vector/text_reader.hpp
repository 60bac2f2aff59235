// Reads parts of documents' stored texts. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "archaeologist/chunker.hpp"
#include "sqlite/connection.hpp"
#include "vector/text_codec.hpp"
#include "vector/text_parts.hpp"

namespace archaeologist {

class TextReader {
public:
    TextReader(sqlite::Connection& connection, TextCodec& codec) : connection_(connection), codec_(codec) {}

    // Errors: corrupt (what should be stored is not).
    [[nodiscard]] Result<std::string> read(std::int64_t document, ByteRange range);

    // Calls sink(std::string_view) for a part of the text, piece by piece.
    template <class Sink>
    [[nodiscard]] Status walk(std::int64_t document, const TextPart& part, Sink&& sink) {
        return walk_pieces(document, part, &sink, [](void* target, std::string_view piece) {
            (*static_cast<std::remove_reference_t<Sink>*>(target))(piece);
        });
    }

private:
    [[nodiscard]] Status walk_pieces(std::int64_t document, const TextPart& part, void* target,
                                     void (*call)(void*, std::string_view));
    [[nodiscard]] Status load(std::int64_t document, std::uint64_t at);
    [[nodiscard]] Status take(const sqlite::Query& row, std::int64_t document);

    sqlite::Connection& connection_;
    TextCodec& codec_;
    std::int64_t document_ = 0;  // of the segment at hand; 0 = none
    std::uint64_t begin_ = 0;
    std::string text_;
};

}  // namespace archaeologist
