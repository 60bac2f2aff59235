// Searching projects whose models differ, which they do while one takes another's place.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "archaeologist/search.hpp"

namespace archaeologist {

// Makes one page of the replies to the same request for several sets of projects, each with offset 0 and as many hits as
// the page ends at. Scores are compared as they are. Pure.
[[nodiscard]] SearchReply merge_replies(const SearchRequest& request, std::vector<SearchReply> replies);

}  // namespace archaeologist
