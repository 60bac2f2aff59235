// What makes a program's vectors, by its settings and its environment.
#pragma once

#include <vector>

#include "archaeologist/embedder.hpp"
#include "host/settings.hpp"

namespace archaeologist::host {

[[nodiscard]] std::vector<Setting> embedder_settings();

// --embedder, else what the data folder used last.
[[nodiscard]] EmbedderConfig embedder_of(const Settings& settings);

}  // namespace archaeologist::host
