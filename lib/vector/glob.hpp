// Path patterns. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace archaeologist {

// `*` any characters within a folder, `**` any at all (`**/` also nothing), `?` one character that is no `/`; everything
// else itself. A pattern without `/` is compared with the path's last part: `*.sql` finds SQL files in every folder.
// Time grows with the product of both lengths at worst. Immutable, so thread-safe.
class Glob {
public:
    explicit Glob(std::string_view pattern);

    [[nodiscard]] bool matches(std::string_view path) const;

private:
    enum class Kind : unsigned char { character, one, star, double_star, folders };
    struct Token {
        Kind kind = Kind::character;
        char32_t character = 0;
    };
    [[nodiscard]] bool matches_tokens(std::string_view text) const;

    std::vector<Token> tokens_;
    std::string tail_;  // the bytes behind the last wildcard: most paths are told apart by them
    bool names_only_ = false;
};

}  // namespace archaeologist
