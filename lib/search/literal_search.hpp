// The literal mode: exact substrings.
#pragma once

#include <cstdint>
#include <span>

#include "search/active.hpp"
#include "search/page.hpp"

namespace archaeologist {

// Adds a hit for each chunk that a match begins in, by project, source and position. Returns the number of all matches.
[[nodiscard]] Result<std::uint64_t> search_literal(VectorStore& store, ActiveSources& active,
                                                   std::span<const ProjectId> projects, const SearchRequest& request,
                                                   const VectorFilter& filter, PageBuilder& page);

}  // namespace archaeologist
