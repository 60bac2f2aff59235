// Names of definitions, as people ask for them. Pure.
#pragma once

#include <string_view>

namespace archaeologist {

// Whether `symbol` (a chunk's heading: "Class::method", "Guide > Install") or its last part is like `pattern`: letters of
// ASCII in either case, * any characters.
[[nodiscard]] bool matches_symbol(std::string_view symbol, std::string_view pattern);

// "method", "Install".
[[nodiscard]] std::string_view last_part_of_symbol(std::string_view symbol);

}  // namespace archaeologist
