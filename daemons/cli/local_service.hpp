// An engine on a data folder of this machine.
#pragma once

#include <memory>

#include "cli/service.hpp"

namespace archaeologist::cli {

[[nodiscard]] std::unique_ptr<Service> make_local_service(std::unique_ptr<Engine> engine);

}  // namespace archaeologist::cli
