// Where a program's jobs wait, by its settings and its environment.
#pragma once

#include <vector>

#include "archaeologist/config.hpp"
#include "host/environment.hpp"
#include "host/settings.hpp"

namespace archaeologist::host {

struct QueueChoice {
    QueuePlace place = QueuePlace::kept;
    RedisConfig redis;
};

// How Redis is reached: redis-url, queue-name, queue-shards, job-result-ttl.
[[nodiscard]] std::vector<Setting> redis_settings();
// Those, and whether it is meant.
[[nodiscard]] std::vector<Setting> queue_settings();

[[nodiscard]] RedisConfig redis_of(const Settings& settings, const Environment& environment);

// A daemon's: --queue, else Redis where $REDIS_URL or $REDIS_HOST is set, else where the data folder's jobs waited before.
// Errors: invalid_argument.
[[nodiscard]] Result<QueueChoice> queue_choice(const Settings& settings, const Environment& environment);

}  // namespace archaeologist::host
