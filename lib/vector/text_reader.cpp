#include "vector/text_reader.hpp"

#include <algorithm>

#include "sql/vector_segment_at.hpp"
#include "sql/vector_segments_between.hpp"

namespace archaeologist {

using sqlite::Query;

Result<std::string> TextReader::read(std::int64_t document, ByteRange range) {
    std::string text;
    for (std::uint64_t at = range.begin; at < range.end;) {
        const bool is_at_hand = document == document_ && at >= begin_ && at < begin_ + text_.size();
        if (!is_at_hand) ARCHAEO_TRY(load(document, at));
        const std::uint64_t end = std::min(range.end, begin_ + text_.size());
        text +=
            std::string_view(text_).substr(static_cast<std::size_t>(at - begin_), static_cast<std::size_t>(end - at));
        at = end;
    }
    return text;
}

Status TextReader::load(std::int64_t document, std::uint64_t at) {
    Query segment(connection_, sql::vector_segment_at);
    ARCHAEO_ASSIGN(const bool found, segment.bind(":document", document).bind(":at", at).step());
    if (found) ARCHAEO_TRY(take(segment, document));
    if (found && at >= begin_ && at < begin_ + text_.size()) return {};
    document_ = 0;
    return Error{Code::corrupt, connection_.path() + ": the text of document " + std::to_string(document) +
                                    " is missing at byte " + std::to_string(at)};
}

// Decompresses the segment of a row: begin, size, content.
Status TextReader::take(const Query& row, std::int64_t document) {
    document_ = 0;
    begin_ = static_cast<std::uint64_t>(row.integer(0));
    const auto size = static_cast<std::uint64_t>(row.integer(1));
    Status done = codec_.decompress(row.bytes(2), text_);
    if (done && size > text_.size()) done = Error{Code::corrupt, "a text segment is shorter than it should be"};
    if (!done) {
        return Error{done.error().code, connection_.path() + ": document " + std::to_string(document) + " at byte " +
                                            std::to_string(begin_) + ": " + done.error().message};
    }
    text_.resize(static_cast<std::size_t>(size));
    document_ = document;
    return {};
}

Status TextReader::walk_pieces(std::int64_t document, const TextPart& part, void* target,
                               void (*call)(void*, std::string_view)) {
    Query segments(connection_, sql::vector_segments_between);
    segments.bind(":document", document).bind(":first", part.first).bind(":last", part.last);
    std::uint64_t end = part.first;
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, segments.step());
        if (!row) return {};
        ARCHAEO_TRY(take(segments, document));
        if (begin_ != end) {
            return Error{Code::corrupt, connection_.path() + ": the text of document " + std::to_string(document) +
                                            " is missing at byte " + std::to_string(end)};
        }
        end = begin_ + text_.size();
        call(target, text_);
    }
}

}  // namespace archaeologist
