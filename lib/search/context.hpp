// The lines around hits.
#pragma once

#include <span>

#include "archaeologist/vector_store.hpp"
#include "search/active.hpp"

namespace archaeologist {

// Fills before and after with `lines` whole lines each, fewer where the text begins or ends; with the rest of the line
// first where the content begins or ends within one. Of very long lines only the nearest megabyte.
[[nodiscard]] Status add_context(VectorStore& store, ActiveSources& active, std::size_t lines, std::span<Hit> hits);

}  // namespace archaeologist
