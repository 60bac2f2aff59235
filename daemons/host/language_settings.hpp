// In which languages a program looks at prose.
#pragma once

#include <string>

#include "archaeologist/result.hpp"
#include "host/settings.hpp"

namespace archaeologist::host {

[[nodiscard]] Setting language_setting();

// Errors: invalid_argument.
[[nodiscard]] Result<std::string> languages_of(const Settings& settings);

}  // namespace archaeologist::host
