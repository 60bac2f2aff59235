// What the doctor found, in words, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

// A line each: the verdict, what was looked at and what it is like; below it what to do, where there is something.
[[nodiscard]] std::string text_of(const std::vector<Check>& checks);

// {"checks":[…]}
[[nodiscard]] std::string json_of(const std::vector<Check>& checks);

}  // namespace archaeologist::cli
