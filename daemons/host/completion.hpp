// What the shells complete a program's command line with: its commands, options, and their values where these are names,
// files or folders.
#pragma once

#include <string>

#include "host/usage.hpp"

namespace archaeologist::host {

[[nodiscard]] std::string bash_completion(const Usage& usage);
[[nodiscard]] std::string zsh_completion(const Usage& usage);
[[nodiscard]] std::string fish_completion(const Usage& usage);

}  // namespace archaeologist::host
