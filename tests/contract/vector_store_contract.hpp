// The promises of VectorStore, as tests. A store is right when it passes, and only then may it differ in speed.
#pragma once

#include <functional>
#include <memory>

#include "archaeologist/vector_store.hpp"

namespace archaeologist {

// Of 8 dimensions. Called again, it gives a store with the same content when that outlives the object.
using VectorStoreFactory = std::function<std::unique_ptr<VectorStore>()>;

// Call from within a TEST_CASE.
void vector_store_contract(const VectorStoreFactory& make);

}  // namespace archaeologist
