// What --type names: types of files and languages.
#pragma once

#include <string>
#include <vector>

#include "archaeologist/vector_store.hpp"

namespace archaeologist::cli {

// What is wrong with them, or nothing. Types of files and languages are different filters of the engine, and both would have to
// hold.
[[nodiscard]] std::string sort_types(const std::vector<std::string>& types, VectorFilter& filter);

}  // namespace archaeologist::cli
