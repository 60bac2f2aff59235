// Which server makes vectors, and what is known of its model.
//   http[s]://host[:port][/path][?model=NAME][&api=openai|ollama|tei|llama][&dimensions=N]…
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"

namespace archaeologist::embed {

enum class Api : std::uint8_t { openai, ollama, tei, llama };

[[nodiscard]] std::string_view to_string(Api api);

// Nothing where it was not said: then it is found out (probe.hpp), or a default holds.
struct Location {
    std::string base;  // without a slash at its end
    std::optional<Api> api;
    std::string model;
    std::size_t dimensions = 0;  // asked of a model that can give fewer than it has; 0 = not asked
    std::size_t size = 0;        // how many values its vectors have, once that is known
    std::size_t max_tokens = 0;
    std::optional<std::string> query_prefix;
    std::optional<std::string> document_prefix;
    std::size_t batch_texts = 0;
    std::size_t batch_tokens = 0;
    std::size_t in_flight = 0;

    bool operator==(const Location&) const = default;
};

// Values are percent-decoded. Errors: invalid_argument.
[[nodiscard]] Result<Location> parse_location(std::string_view url);

// A URL that parses to the same.
[[nodiscard]] std::string to_url(const Location& location);

// "MODEL at http://host:port/path"
[[nodiscard]] std::string to_string(const Location& location);

}  // namespace archaeologist::embed
