// The process's environment as a parameter, so that a test can bring its own.
#pragma once

#include <functional>
#include <string>

namespace archaeologist::host {

// The value of a variable; empty when it is not set.
using Environment = std::function<std::string(const char* name)>;

[[nodiscard]] Environment process_environment();

}  // namespace archaeologist::host
