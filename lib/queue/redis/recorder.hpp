// Tells the catalog what happened in Redis: starts, progress, ends. A job's word counts by its version, so that it may come
// twice, late, and through several processes. Only what the catalog has committed is acknowledged, and only then does Redis
// forget it, and the lake what it held of it. What the catalog refuses of one job keeps no other from being recorded.
#pragma once

#include "archaeologist/clock.hpp"
#include "queue/redis/broker.hpp"
#include "sqlite/database.hpp"

namespace archaeologist::redis_queue {

constexpr std::chrono::minutes refused_wait{10};

struct Recorded {
    std::int64_t jobs = 0;
    std::int64_t batches = 0;      // that made children, which are in the outbox now
    std::vector<Refused> refused;  // Redis keeps it, and it is tried again after refused_wait
};

// Takes what there is, page by page, a transaction each; stops after a bounded number of pages.
[[nodiscard]] Result<Recorded> record_all(sqlite::Database& catalog, Broker& broker, const Clock& clock,
                                          Broker::News news);

}  // namespace archaeologist::redis_queue
