// The part of a manual page that a program's definitions know: its sections COMMANDS, OPTIONS, EXIT STATUS and ENVIRONMENT.
#pragma once

#include <string>

#include "host/usage.hpp"

namespace archaeologist::host {

// Of man(7)'s macros. ENVIRONMENT comes last, so that a page can add variables that no option names.
[[nodiscard]] std::string manual(const Usage& usage);

}  // namespace archaeologist::host
