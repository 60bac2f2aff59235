// An archaeologist-httpd somewhere, spoken to over HTTP.
#pragma once

#include <memory>
#include <string>

#include "cli/service.hpp"
#include "host/http_client.hpp"

namespace archaeologist::cli {

struct ServerAddress {
    host::HttpUrl url;
    std::string key;  // empty = none
};

// Connects when it is first asked for something.
[[nodiscard]] std::unique_ptr<Service> make_remote_service(ServerAddress server);

}  // namespace archaeologist::cli
