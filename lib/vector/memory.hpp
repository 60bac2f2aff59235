// A vector store in memory: the oracle of the contract tests, and for programs that keep nothing.
#pragma once

#include <cstddef>
#include <memory>

#include "archaeologist/vector_store.hpp"

namespace archaeologist {

// Looks at everything in every query; straightforward, not fast. dimension: 1 to 65,536.
[[nodiscard]] std::unique_ptr<VectorStore> make_memory_store(std::size_t dimension);

}  // namespace archaeologist
