// What models want to be told, from their cards. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace archaeologist::embed {

struct ModelFacts {
    std::string_view query_prefix;  // put before a text, as the model was trained
    std::string_view document_prefix;
    std::size_t max_tokens = 512;
};

// By a part of its name, whoever serves it under which owner and tag; an unknown one has no prefixes.
[[nodiscard]] ModelFacts known_model(std::string_view name);

}  // namespace archaeologist::embed
