// What tests of the Redis client ask a server for.
#pragma once

#include <memory>
#include <string>

#include "redis/client.hpp"

namespace archaeologist::redis {

inline constexpr Script add{"test/add", "return redis.call('INCRBY', KEYS[1], ARGV[1])"};

[[nodiscard]] inline std::unique_ptr<Client> open(const std::string& url, const ClientOptions& options = {}) {
    return Client::open(parse_url(url).value(), options);
}

[[nodiscard]] inline ScriptCall adding(const std::string& key, int number = 1) {
    return {.script = &add, .keys = {key}, .arguments = {std::to_string(number)}};
}

[[nodiscard]] inline Result<Reply> add_one(Client& client, const std::string& key) { return client.run(adding(key)); }

}  // namespace archaeologist::redis
