// The promises of Embedder, as tests. An embedder is right when it passes.
#pragma once

#include <functional>
#include <memory>

#include "archaeologist/embedder.hpp"

namespace archaeologist {

using EmbedderFactory = std::function<std::shared_ptr<Embedder>()>;

// Call from within a TEST_CASE.
void embedder_contract(const EmbedderFactory& make);

}  // namespace archaeologist
