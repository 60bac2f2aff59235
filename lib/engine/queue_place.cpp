#include "engine/queue_place.hpp"

#include <random>

#include "base/folder_id.hpp"
#include "queue/redis.hpp"
#include "queue/redis/elsewhere.hpp"
#include "queue/sqlite.hpp"

namespace archaeologist {
namespace {

constexpr int shards_max = 64;
// The relay tries again by itself, and who ends or waits for an answer is not to wait for a Redis that is away.
constexpr std::chrono::milliseconds retry_max{1'000};
constexpr std::size_t name_bytes_max = 200;

}  // namespace

Status validate(const RedisConfig& config) {
    if (!config.url.empty()) ARCHAEO_TRY(redis::parse_url(config.url));
    if (config.name.empty() || config.name.size() > name_bytes_max ||
        config.name.find_first_of("{}") != std::string::npos) {
        return Error{Code::invalid_argument, "queue name is \"" + config.name + "\", must be 1 to " +
                                                 std::to_string(name_bytes_max) + " bytes without braces"};
    }
    if (config.shards < 1 || config.shards > shards_max) {
        return Error{Code::invalid_argument, "queue shards is " + std::to_string(config.shards) + ", must be 1 to " +
                                                 std::to_string(shards_max)};
    }
    return {};
}

bool needs_data_folder(const Config& config) { return config.lake.url.empty() || config.vectors.url.empty(); }

Result<redis_queue::Identity> identity_of(const Config& config, const Embedder& embedder) {
    std::string id;
    if (needs_data_folder(config)) {
        ARCHAEO_ASSIGN(id, folder_id(config.data_dir));
    }
    return redis_queue::Identity{{"lake", config.lake.url.empty() ? id : to_string(config.lake, config.data_dir)},
                                 {"vector_store", config.vectors.url.empty() ? id : to_string(config.vectors, {})},
                                 {"model", embedder.model_id() + "/" + std::to_string(embedder.dimension())}};
}

Result<std::unique_ptr<redis::Client>> open_redis(const RedisConfig& config, const redis::ClientOptions& options) {
    ARCHAEO_TRY(validate(config));
    ARCHAEO_ASSIGN(const auto url, redis::parse_url(config.url));
    return redis::Client::open(url, options);
}

redis_queue::BrokerOptions broker_options(const Config& config, Lake* lake) {
    redis_queue::BrokerOptions options;
    options.name = config.redis.name;
    options.shards = config.redis.shards;
    options.queue = config.queue;
    options.result_ttl = config.redis.result_ttl;
    options.seed = std::random_device{}();
    options.lake = lake;
    return options;
}

Result<PlacedQueue> open_queue(const Config& config, sqlite::Database& catalog, Lake& lake, const Clock& clock,
                               const Embedder& embedder) {
    const std::string run_dir = config.data_dir + "/run";
    ARCHAEO_ASSIGN(const auto elsewhere,
                   catalog.read([](sqlite::Connection& tx) { return redis_queue::elsewhere(tx); }));
    PlacedQueue placed;
    if (config.queue_place == QueuePlace::redis || (config.queue_place == QueuePlace::kept && elsewhere.active)) {
        if (config.redis.url.empty()) {
            return Error{config.queue_place == QueuePlace::redis ? Code::invalid_argument : Code::incompatible,
                         "the jobs of " + config.data_dir +
                             " wait in Redis, so its URL must be given ($REDIS_URL), or the jobs be taken back "
                             "(--queue sqlite of a daemon)"};
        }
        redis::ClientOptions options;
        options.retry_max = retry_max;
        ARCHAEO_ASSIGN(placed.redis, open_redis(config.redis, options));
        ARCHAEO_ASSIGN(auto identity, identity_of(config, embedder));
        ARCHAEO_ASSIGN(placed.queue, RedisQueue::open(catalog, *placed.redis,
                                                      {.broker = broker_options(config, &lake),
                                                       .log = Logger(config.log, config.log_level),
                                                       .identity = std::move(identity)},
                                                      clock, std::random_device{}(), run_dir));
        return placed;
    }
    if (elsewhere.active) {
        ARCHAEO_TRY(catalog.write([](sqlite::Connection& tx) { return redis_queue::come_home(tx); }));
    }
    placed.queue = std::make_unique<SqliteQueue>(catalog, config.queue, clock, std::random_device{}(), run_dir);
    return placed;
}

}  // namespace archaeologist
