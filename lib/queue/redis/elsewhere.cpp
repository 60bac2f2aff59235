#include "queue/redis/elsewhere.hpp"

#include <algorithm>
#include <optional>

#include "queue/redis/recorder.hpp"
#include "sql/queue_redis_come_home.hpp"
#include "sql/queue_redis_elsewhere.hpp"
#include "sql/queue_redis_last_epoch.hpp"
#include "sql/queue_redis_lose_attempts.hpp"
#include "sql/queue_redis_lose_jobs.hpp"
#include "sql/queue_redis_outbox_all.hpp"
#include "sql/queue_redis_outbox_clear.hpp"
#include "sql/queue_redis_set_elsewhere.hpp"
#include "sqlite/file_lock.hpp"

namespace archaeologist::redis_queue {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr std::chrono::milliseconds lock_wait{5'000};
constexpr std::string_view catalog_field = "catalog";

Status set_elsewhere(Connection& tx, bool active, std::int64_t incarnation) {
    return Query(tx, sql::queue_redis_set_elsewhere).bind(":active", active).bind(":incarnation", incarnation).run();
}

Status lose_everything(Connection& tx, TimePoint now) {
    ARCHAEO_TRY(Query(tx, sql::queue_redis_lose_attempts).bind(":now_ms", now).run());
    for (const char* statement :
         {sql::queue_redis_lose_jobs, sql::queue_redis_outbox_clear, sql::queue_redis_outbox_all}) {
        ARCHAEO_TRY(Query(tx, statement).run());
    }
    return {};
}

// Later than every incarnation whose epochs were seen, also where one used up its 2³² epochs.
Result<std::int64_t> next_incarnation(Connection& tx) {
    ARCHAEO_ASSIGN(const Elsewhere now, elsewhere(tx));
    Query query(tx, sql::queue_redis_last_epoch);
    ARCHAEO_TRY(query.step());
    return std::max(now.incarnation, query.integer(0) >> 32) + 1;
}

Status check_owner(Broker& broker, const std::string& identity) {
    const auto found = broker.identity();
    if (!found && found.error().code == Code::not_found) return {};
    if (!found) return found.error();
    const auto owner = found->find(std::string(catalog_field));
    if (owner == found->end() || owner->second == identity) return {};
    return Error{Code::incompatible,
                 "the queue \"" + broker.options().name +
                     "\" in Redis belongs to another catalog; choose another name or another Redis"};
}

// Redis is another server, or was started again, and may lack the last of what it was told. What it still has to tell is true
// all the same, and what has ended need not run again.
Status record_rest(sqlite::Database& catalog, Broker& broker, const Clock& clock) {
    for (;;) {
        const auto recorded = record_all(catalog, broker, clock, Broker::News::rest);
        if (!recorded && recorded.error().code == Code::incompatible) return {};  // it lost everything
        if (!recorded) return recorded.error();
        if (recorded->jobs == 0) return {};
    }
}

// What workers must reach may have moved since the incarnation began: the lake to S3, the model to another.
Status tell_identity(Broker& broker, std::int64_t incarnation, const Identity& identity) {
    ARCHAEO_ASSIGN(const Identity known, broker.identity());
    const bool is_known = std::all_of(identity.begin(), identity.end(), [&known](const auto& field) {
        const auto found = known.find(field.first);
        return found != known.end() && found->second == field.second;
    });
    return is_known ? Status() : broker.begin(incarnation, identity);
}

}  // namespace

Result<Elsewhere> elsewhere(Connection& tx) {
    Query query(tx, sql::queue_redis_elsewhere);
    ARCHAEO_TRY(query.step());
    return Elsewhere{query.integer(0) != 0, query.integer(1), std::string(query.text(2))};
}

Status go_elsewhere(Connection& tx, TimePoint now) {
    ARCHAEO_ASSIGN(const Elsewhere before, elsewhere(tx));
    if (before.active) return {};
    ARCHAEO_TRY(set_elsewhere(tx, true, before.incarnation));
    return lose_everything(tx, now);
}

Status come_home(Connection& tx) {
    ARCHAEO_ASSIGN(const Elsewhere before, elsewhere(tx));
    if (!before.active) return {};
    ARCHAEO_TRY(set_elsewhere(tx, false, before.incarnation));
    ARCHAEO_TRY(Query(tx, sql::queue_redis_come_home).run());
    return Query(tx, sql::queue_redis_outbox_clear).run();
}

Status ensure_incarnation(sqlite::Database& catalog, Broker& broker, const Identity& identity, const Clock& clock,
                          const std::string& lock_path) {
    std::optional<sqlite::FileLock> lock;
    std::optional<sqlite::FileLock::Held> held;
    if (!lock_path.empty()) {
        ARCHAEO_ASSIGN(auto opened, sqlite::FileLock::open(lock_path));
        lock.emplace(std::move(opened));
        ARCHAEO_ASSIGN(auto taken, lock->take(lock_wait));
        held.emplace(std::move(taken));
    }
    ARCHAEO_ASSIGN(const Elsewhere now, catalog.read([](Connection& tx) { return elsewhere(tx); }));
    ARCHAEO_TRY(check_owner(broker, now.identity));
    Identity whole = identity;
    whole[std::string(catalog_field)] = now.identity;
    if (now.incarnation > 0) {
        ARCHAEO_ASSIGN(const bool holds, broker.holds(now.incarnation));
        broker.expect(now.incarnation);
        if (holds) return tell_identity(broker, now.incarnation, whole);
        ARCHAEO_TRY(record_rest(catalog, broker, clock));
    }
    ARCHAEO_ASSIGN(const std::int64_t next, catalog.write([&](Connection& tx) -> Result<std::int64_t> {
        ARCHAEO_ASSIGN(const std::int64_t incarnation, next_incarnation(tx));
        ARCHAEO_TRY(set_elsewhere(tx, true, incarnation));
        ARCHAEO_TRY(lose_everything(tx, clock.now()));
        return incarnation;
    }));
    return broker.begin(next, whole);
}

}  // namespace archaeologist::redis_queue
