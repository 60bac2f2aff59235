// What makes a program's vectors, by its settings and its environment.
#pragma once

#include <string>
#include <vector>

#include "archaeologist/embedder.hpp"
#include "host/environment.hpp"
#include "host/settings.hpp"

namespace archaeologist::host {

[[nodiscard]] std::vector<Setting> embedder_settings();

// A daemon's: --embedder, else what the data folder used last. Errors: invalid_argument.
[[nodiscard]] Result<EmbedderConfig> embedder_choice(const Settings& settings);

// The command line's: `flag`, else $ARCHAEOLOGIST_EMBEDDER, else what the data folder used last.
[[nodiscard]] EmbedderConfig embedder_of(const std::string& flag, const Environment& environment);

}  // namespace archaeologist::host
