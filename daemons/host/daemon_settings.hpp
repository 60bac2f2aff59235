// The settings of both daemons, as tables: their flags, and the names in their configuration files.
#pragma once

#include <vector>

#include "host/settings.hpp"

namespace archaeologist::host {

[[nodiscard]] std::vector<Setting> httpd_settings();
[[nodiscard]] std::vector<Setting> worker_settings();

}  // namespace archaeologist::host
