// Where a program's chunks are kept for search, by its settings and its environment.
#pragma once

#include <string>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "host/environment.hpp"
#include "host/settings.hpp"

namespace archaeologist::host {

[[nodiscard]] std::vector<Setting> vector_settings();

// A daemon's: --vectors, else the server of $QDRANT_URL, else the data folder. Errors: invalid_argument.
[[nodiscard]] Result<VectorStoreConfig> vectors_choice(const Settings& settings, const Environment& environment);

// The command line's: --vectors, else the data folder. $QDRANT_URL may be meant for other programs.
[[nodiscard]] VectorStoreConfig vectors_of(const Settings& settings);

// $QDRANT_API_KEY; PREFIXQDRANT_API_KEY comes first where it is set.
[[nodiscard]] std::string vectors_key_of(const Environment& environment, const std::string& prefix = {});

}  // namespace archaeologist::host
