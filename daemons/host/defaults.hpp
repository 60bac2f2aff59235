// Where data is kept and which project is meant when nobody says.
#pragma once

#include <string>

#include "archaeologist/result.hpp"
#include "host/environment.hpp"

namespace archaeologist::host {

// The flag's value, else $ARCHAEOLOGIST_DATA, else $XDG_DATA_HOME/archaeologist, else $HOME/.local/share/archaeologist.
// Errors: invalid_argument (none of them says anything).
[[nodiscard]] Result<std::string> data_dir(const std::string& flag, const Environment& environment);

struct ProjectChoice {
    std::string name;
    std::string origin;  // for messages: "--project", "$ARCHAEOLOGIST_PROJECT", "the Git root of …", "the default"
};

// The flag's value, else $ARCHAEOLOGIST_PROJECT, else the name of the folder at the Git root above `path`, else
// "default". A folder name that no project may have counts as no name.
[[nodiscard]] ProjectChoice project_choice(const std::string& flag, const Environment& environment,
                                           const std::string& path);

}  // namespace archaeologist::host
