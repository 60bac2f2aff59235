// Tells systemd how the service is (sd_notify(3)); without $NOTIFY_SOCKET nobody is told.
#pragma once

#include <string>

#include "host/environment.hpp"

namespace archaeologist::host {

// `state` is "READY=1", "STOPPING=1", "STATUS=…", lines of them.
void notify_service_manager(const Environment& environment, const std::string& state);

}  // namespace archaeologist::host
