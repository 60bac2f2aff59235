// What stands behind a URL, found out by asking.
#pragma once

#include <string>

#include "archaeologist/result.hpp"
#include "embed/http/location.hpp"
#include "net/client.hpp"

namespace archaeologist::embed {

// Fills in what the location leaves open: api, model, the longest text, and the vectors' size, for which it embeds a word.
// Errors: unavailable (nobody there, a key refused, a model that is not there), invalid_argument (no embedding server).
[[nodiscard]] Result<Location> recognise(net::Client& client, Location location, const std::string& api_key);

}  // namespace archaeologist::embed
