// Where a Qdrant is, and how its collections are made.
//   qdrant+http://host[:port][,host[:port]…]/prefix[?shards=3][&replicas=2][&quantization=int8][&in_flight=4][&search_s=5]
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist::qdrant {

enum class Quantization { none, int8 };

struct Location {
    std::vector<std::string> servers;  // "http://host:6333"; nodes of one cluster, tried in turn
    std::string prefix;                // of the collections' names
    // Of collections that are made; 0 = the server's choice.
    int shards = 0;
    int replicas = 0;
    Quantization quantization = Quantization::none;
    int in_flight = 4;                   // bodies on their way to be stored, of this process
    std::chrono::seconds search_max{5};  // for each request of a search, with its repetitions
};

// The port is 6333 unless it is said; the prefix is "archaeologist" unless it is said. Errors: invalid_argument.
[[nodiscard]] Result<Location> parse_location(std::string_view text);

// "http://host:6333/prefix", with all hosts.
[[nodiscard]] std::string to_string(const Location& location);

// One collection a model. Letters, digits, dots and hyphens of its id are kept; an id with others, or a long one, is told
// apart by a hash of it.
[[nodiscard]] std::string collection_name(const Location& location, std::string_view model_id);

}  // namespace archaeologist::qdrant
