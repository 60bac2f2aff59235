#include "sim/lossy_redis.hpp"

#include "catalog/catalog.hpp"
#include "queue/redis/elsewhere.hpp"
#include "queue/redis/recorder.hpp"
#include "queue/redis/relay.hpp"

namespace archaeologist::sim {
namespace {

const redis_queue::Identity identity{{"lake", "the lake"}};

}  // namespace

redis_queue::BrokerOptions LossyRedis::broker_options(const QueueOptions& options, std::uint64_t seed) {
    return {.queue = options, .clock = &clock_, .seed = seed, .lake = &lake_};
}

LossyRedis::LossyRedis(RedisServer& server, const QueueOptions& options, const Clock& clock, std::uint64_t seed)
    : server_(server),
      clock_(clock),
      catalog_(catalog::open(folder_.path()).value()),
      client_(redis::Client::open(redis::parse_url(server.url()).value(), {})),
      desk_(*catalog_, options, clock, seed),
      broker_(*client_, broker_options(options, seed)) {
    server_.run({"FLUSHALL"});
    const Status begun =
        catalog_->write([&](sqlite::Connection& tx) { return redis_queue::go_elsewhere(tx, clock.now()); });
    if (!begun || !relay()) std::abort();
    worker_ = RedisWorkerQueue::open(*client_, broker_options(options, seed + 1), identity).value();
}

Status LossyRedis::relay() {
    ARCHAEO_TRY(redis_queue::ensure_incarnation(*catalog_, broker_, identity, clock_, ""));
    return redis_queue::relay(*catalog_, broker_, clock_, handed_);
}

Status LossyRedis::record() {
    ARCHAEO_TRY(redis_queue::record_all(*catalog_, broker_, clock_, redis_queue::Broker::News::all));
    return {};
}

Status LossyRedis::sweep() {
    ARCHAEO_ASSIGN(swept_to_, redis_queue::sweep(*catalog_, broker_, swept_to_));
    ARCHAEO_ASSIGN(listed_to_, redis_queue::sweep_redis(*catalog_, broker_, listed_to_));
    return {};
}

void LossyRedis::flush_all() { server_.run({"FLUSHALL"}); }

void LossyRedis::forget_scripts() { server_.run({"SCRIPT", "FLUSH"}); }

void LossyRedis::cut_connections() { server_.run({"CLIENT", "KILL", "TYPE", "normal"}); }

void LossyRedis::save() {
    server_.run({"SAVE"});
    has_saved_ = true;
}

bool LossyRedis::restore() {
    if (!has_saved_) return false;
    server_.restart();
    return true;
}

}  // namespace archaeologist::sim
