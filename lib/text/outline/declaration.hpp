// What a piece of code declares, judged by what stands before its brace or its semicolon. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text/outline/language.hpp"

namespace archaeologist {

enum class DeclarationKind : std::uint8_t {
    none,         // control flow, a call, something unknown
    transparent,  // a namespace: what stands in it counts as standing in nothing
    container,    // a class: holds definitions
    definition,   // a function, a plain type, a variable with an initialiser
};

struct Declaration {
    DeclarationKind kind = DeclarationKind::none;
    std::string name;  // may be empty: an anonymous namespace
};

// `head`: code without comments and without the contents of strings. `before` is the byte behind it.
enum class Before : std::uint8_t { brace, semicolon };
[[nodiscard]] Declaration classify(std::string_view head, const Language& language, Before before);

// Whether a brace behind this head is a member's initialiser: "X::X() : a_".
[[nodiscard]] bool awaits_initialiser(std::string_view head);

}  // namespace archaeologist
