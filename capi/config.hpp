// The options of an engine, as the C++ library takes them.
#pragma once

#include <memory>

#include "archaeologist/archaeologist.h"
#include "archaeologist/config.hpp"

namespace archaeologist::capi {

class ProgramEmbedder;

struct EngineSetup {
    Config config;
    std::shared_ptr<ProgramEmbedder> embedder;  // null = built-in
};

// Puts what `given` says over what `base` has. Errors: invalid_argument.
[[nodiscard]] Result<EngineSetup> engine_setup(const archaeo_options* given, Config base);

// Of a text's pieces; also for the chunker alone.
[[nodiscard]] ChunkOptions chunk_options(std::uint32_t target_tokens, std::uint32_t max_tokens, double overlap,
                                         const ChunkOptions& base);

}  // namespace archaeologist::capi
