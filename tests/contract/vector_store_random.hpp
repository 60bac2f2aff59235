// Random operations on a vector store, compared step by step with the one in memory.
#pragma once

#include <cstdint>

#include "contract/vector_store_contract.hpp"

namespace archaeologist {

// Call from within a TEST_CASE. `reopen` runs make() again now and then.
void compare_with_oracle(const VectorStoreFactory& make, std::uint64_t seed, int operations);

}  // namespace archaeologist
