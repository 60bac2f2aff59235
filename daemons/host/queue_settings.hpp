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

[[nodiscard]] std::vector<Setting> queue_settings();

// A daemon's: --queue, else Redis where $REDIS_URL or $REDIS_HOST is set, else where the data folder's jobs waited before.
// Errors: invalid_argument.
[[nodiscard]] Result<QueueChoice> queue_choice(const Settings& settings, const Environment& environment);

// The command line's: where the data folder's jobs wait already. $REDIS_URL may be meant for other programs, so it says only
// where Redis is.
[[nodiscard]] RedisConfig redis_of(const Environment& environment);

}  // namespace archaeologist::host
