// Which queue a process works with, by its Config and by what the catalog says.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/config.hpp"
#include "queue/catalog_queue.hpp"
#include "queue/redis/broker.hpp"
#include "redis/client.hpp"
#include "sqlite/database.hpp"

namespace archaeologist {

// Whether the lake or the vector store is in it.
[[nodiscard]] bool needs_data_folder(const Config& config);

// Of the data that a queue's jobs are about: lake, vector store and model. Its parts in a data folder share one id, which
// is made with it; what is elsewhere is known by its URL, which all must write alike.
// Errors: io_error, permission_denied, storage_full, corrupt.
[[nodiscard]] Result<redis_queue::Identity> identity_of(const Config& config, const Embedder& embedder);

// Connects when it is first used.
[[nodiscard]] Result<std::unique_ptr<redis::Client>> open_redis(const RedisConfig& config,
                                                                const redis::ClientOptions& options = {});

[[nodiscard]] redis_queue::BrokerOptions broker_options(const Config& config, Lake* lake = nullptr);

struct PlacedQueue {
    std::unique_ptr<redis::Client> redis;  // null where jobs wait in the catalog
    std::unique_ptr<CatalogQueue> queue;
};

// catalog, lake and clock must outlive the queue. Errors: invalid_argument (redis), incompatible (jobs wait in Redis, and the Config
// does not say where that is), those of the catalog.
[[nodiscard]] Result<PlacedQueue> open_queue(const Config& config, sqlite::Database& catalog, Lake& lake,
                                             const Clock& clock, const Embedder& embedder);

}  // namespace archaeologist
