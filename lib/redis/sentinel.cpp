#include <cassert>

#include "redis/routes.hpp"

namespace archaeologist::redis {

// Not there yet.
std::unique_ptr<Routes> make_sentinel_routes(const Url&, const ClientOptions&) {
    assert(false);
    return nullptr;
}

std::unique_ptr<Routes> make_cluster_routes(const Url&, const ClientOptions&) {
    assert(false);
    return nullptr;
}

}  // namespace archaeologist::redis
