// Tells Redis what happened in the catalog, in the outbox's order, a page at a time. Safe to repeat and to run in several
// processes at once: every word of it is idempotent, and jobs are known by their ids.
#pragma once

#include "archaeologist/clock.hpp"
#include "queue/redis/broker.hpp"
#include "queue/redis/handed.hpp"
#include "sqlite/database.hpp"

namespace archaeologist::redis_queue {

// Empties the outbox. Errors: those of the broker and the catalog; what was told before stays told.
[[nodiscard]] Status relay(sqlite::Database& catalog, Broker& broker, const Clock& clock, Handed& handed);

[[nodiscard]] Result<std::int64_t> outbox_depth(sqlite::Connection& tx);

// Puts jobs back into the outbox that the catalog has as waiting or running and Redis does not know. Looks at a bounded number
// and returns where to go on; nil at the end.
[[nodiscard]] Result<JobId> sweep(sqlite::Database& catalog, Broker& broker, JobId after);

// The other way round: takes away from Redis what waits or runs there and is finished in the catalog, or gone from it.
struct Listing {
    int shard = 0;
    std::string from;
};
[[nodiscard]] Result<Listing> sweep_redis(sqlite::Database& catalog, Broker& broker, Listing after);

}  // namespace archaeologist::redis_queue
