// What the queue's Redis is, for a person.
#pragma once

#include <vector>

#include "archaeologist/engine.hpp"
#include "queue/redis/broker.hpp"
#include "redis/describe.hpp"

namespace archaeologist {

// One of each shard's server. Takes as long as the client looks for a server that is away.
[[nodiscard]] std::vector<Check> check_redis(redis::Client& client, const redis_queue::BrokerOptions& options,
                                             const Clock& clock);

// The judgement alone.
[[nodiscard]] Check judge_redis(const redis::ServerFacts& facts);

}  // namespace archaeologist
