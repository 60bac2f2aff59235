#include "vector/glob.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace archaeologist {
namespace {

// A byte that is not UTF-8 stands for itself.
CodePoint next_character(std::string_view text) {
    const CodePoint decoded = decode_utf8(text);
    if (decoded.length > 0) return decoded;
    return {static_cast<char32_t>(0x110000 + static_cast<unsigned char>(text.front())), 1};
}

}  // namespace

Glob::Glob(std::string_view pattern) : names_only_(pattern.find('/') == std::string_view::npos) {
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] == '*') {
            const std::size_t begin = at;
            while (at < pattern.size() && pattern[at] == '*') ++at;
            const bool is_double = at - begin > 1;
            const bool begins_part = begin == 0 || pattern[begin - 1] == '/';
            if (is_double && begins_part && at < pattern.size() && pattern[at] == '/') {
                tokens_.push_back({Kind::folders, 0});
                ++at;
            } else {
                tokens_.push_back({is_double ? Kind::double_star : Kind::star, 0});
            }
            tail_.clear();
        } else if (pattern[at] == '?') {
            tokens_.push_back({Kind::one, 0});
            tail_.clear();
            ++at;
        } else {
            const CodePoint character = next_character(pattern.substr(at));
            tokens_.push_back({Kind::character, character.value});
            tail_.append(pattern.substr(at, character.length));
            at += character.length;
        }
    }
}

bool Glob::matches(std::string_view path) const {
    if (names_only_) {
        const std::size_t slash = path.rfind('/');
        if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
    }
    return path.ends_with(tail_) && matches_tokens(path);
}

// Follows all ways at once: states[i] says that the tokens before i match the text so far.
bool Glob::matches_tokens(std::string_view text) const {
    const std::size_t end = tokens_.size();
    std::vector<char> states(end + 1, 0);
    std::vector<char> next(end + 1, 0);
    // Sets a state and those that need no character from there.
    const auto enter = [&](std::vector<char>& set, std::size_t i) {
        for (; set[i] == 0; ++i) {
            set[i] = 1;
            if (i == end || tokens_[i].kind == Kind::character || tokens_[i].kind == Kind::one) return;
        }
    };
    enter(states, 0);
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint character = next_character(text.substr(at));
        at += character.length;
        const bool is_slash = character.value == U'/';
        std::fill(next.begin(), next.end(), 0);
        bool any = false;
        for (std::size_t i = 0; i < end; ++i) {
            if (states[i] == 0) continue;
            const Token& token = tokens_[i];
            switch (token.kind) {
                case Kind::character:
                    if (token.character == character.value) enter(next, i + 1);
                    break;
                case Kind::one:
                    if (!is_slash) enter(next, i + 1);
                    break;
                case Kind::star:
                    if (!is_slash) enter(next, i);
                    break;
                case Kind::double_star: enter(next, i); break;
                case Kind::folders:
                    if (is_slash) enter(next, i + 1);
                    if (next[i] == 0) next[i] = 2;  // within a folder's name: what follows must wait for the /
                    break;
            }
        }
        for (const char state : next) any = any || state != 0;
        if (!any) return false;
        states.swap(next);
    }
    return states[end] != 0;
}

}  // namespace archaeologist
