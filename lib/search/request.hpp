// What a search request must be. Pure.
#pragma once

#include "archaeologist/search.hpp"

namespace archaeologist {

[[nodiscard]] Status validate(const SearchRequest& request);

}  // namespace archaeologist
