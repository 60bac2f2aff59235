// The catalog's word on a queue elsewhere: whether there is one, and which incarnation of it holds this catalog's jobs.
#pragma once

#include <string>

#include "archaeologist/clock.hpp"
#include "queue/redis/broker.hpp"
#include "sqlite/database.hpp"

namespace archaeologist::redis_queue {

struct Elsewhere {
    bool active = false;
    std::int64_t incarnation = 0;
    std::string identity;
};
[[nodiscard]] Result<Elsewhere> elsewhere(sqlite::Connection& tx);

// From now on jobs come pending; those that wait or run are pending too until they are handed over.
[[nodiscard]] Status go_elsewhere(sqlite::Connection& tx, TimePoint now);
// The way back: pending jobs are queued here, and leases end as they would have.
[[nodiscard]] Status come_home(sqlite::Connection& tx);

// Makes sure that Redis holds the catalog's incarnation, on the servers it was begun on; begins a new one where not, once what
// is left of the old one is recorded, and puts everything that is not finished into the outbox. Processes that share the catalog do so one at a time (lock_path; empty = this is the only one).
// Errors: incompatible (the queue of that name belongs to another catalog), those of the broker and the catalog.
[[nodiscard]] Status ensure_incarnation(sqlite::Database& catalog, Broker& broker, const Identity& identity,
                                        const Clock& clock, const std::string& lock_path);

}  // namespace archaeologist::redis_queue
