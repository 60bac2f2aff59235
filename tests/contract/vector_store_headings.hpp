// The promises of VectorStore about what chunks and their parts stand under.
#pragma once

#include "archaeologist/vector_store.hpp"

namespace archaeologist {

// Call from within a TEST_CASE, with an empty store of 8 dimensions.
void check_headings(VectorStore& store);

}  // namespace archaeologist
