#include "host/environment.hpp"

#include <cstdlib>

namespace archaeologist::host {

Environment process_environment() {
    return [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
}

}  // namespace archaeologist::host
