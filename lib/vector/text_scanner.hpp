// Finds what a LiteralQuery asks for in a text that arrives in pieces, wherever the pieces are cut.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/vector_store.hpp"

namespace archaeologist {

// Matches are leftmost and do not overlap, like those of grep -o; none is empty. Pieces end between characters, but for
// those of a text that is pushed as a whole. One thread at a time.
class TextScanner {
public:
    virtual ~TextScanner() = default;

    // A new text begins.
    virtual void restart() = 0;
    // The matches that `piece` makes certain. The result lives until the next call.
    [[nodiscard]] virtual const std::vector<ByteRange>& push(std::string_view piece) = 0;
    // The text is over: the rest.
    [[nodiscard]] virtual const std::vector<ByteRange>& finish() = 0;
};

// Errors: invalid_argument (what is no regular expression, or too large a one).
[[nodiscard]] Result<std::unique_ptr<TextScanner>> make_scanner(const LiteralQuery& query);

// All matches within one text.
[[nodiscard]] std::vector<ByteRange> find_all(std::string_view text, TextScanner& scanner);

}  // namespace archaeologist
