// An embedder by its configuration, with what the engine knows beyond it.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/embedder.hpp"
#include "base/log.hpp"
#include "net/metrics.hpp"

namespace archaeologist {

struct EmbedderTools {
    std::string cache_path;  // of what all embedders of a data folder share; empty = no cache
    Logger log;
    std::shared_ptr<net::Metrics> metrics;  // null = nobody asks
    // What an earlier opening of the same config.url found out (OpenedEmbedder::resolved): then the server is not asked
    // and need not be there. Empty = nothing is known.
    std::string resolved;
};

struct OpenedEmbedder {
    std::shared_ptr<Embedder> embedder;
    std::string resolved;  // config.url with all that was found out
};

// config.url is not empty. Errors: invalid_argument; unavailable (a server that was never asked is away, refuses the key or
// has no such model); those of the cache's file.
[[nodiscard]] Result<OpenedEmbedder> open_embedder(const EmbedderConfig& config, EmbedderTools tools);

}  // namespace archaeologist
