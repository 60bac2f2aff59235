// How an engine is set up. Every member has a default that works without any server.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "archaeologist/chunker.hpp"
#include "archaeologist/clock.hpp"
#include "archaeologist/embedder.hpp"
#include "archaeologist/lake.hpp"
#include "archaeologist/log.hpp"
#include "archaeologist/queue.hpp"
#include "archaeologist/vector_store.hpp"

namespace archaeologist {

struct Limits {
    std::uint64_t file_bytes_max = std::uint64_t{4} << 30;  // a larger file is refused at the door
    std::uint64_t text_bytes_max = std::uint64_t{2} << 30;  // a longer text fails its job
    std::size_t name_bytes_max = 1'024;                     // of a source's name
    std::size_t metadata_bytes_max = 64 << 10;
};

// Where jobs wait. kept: where they waited the last time; in a new data folder that is the catalog.
enum class QueuePlace : std::uint8_t { kept, catalog, redis };

// A queue for many hosts, on Redis 6.2 or later. The catalog stays the truth: what Redis loses is handed over again.
struct RedisConfig {
    // redis://[user:password@]host[:port][/db] · unix:/path · redis+sentinel://host,host/name · redis+cluster://host,host
    std::string url;
    std::string name = "archaeologist_jobs";  // of the queue; all who use it must agree on it and on `shards`
    int shards = 1;                           // 1 to 64
    std::chrono::seconds result_ttl{86'400};  // how long Redis keeps what the catalog has
};

// Errors: invalid_argument, unsupported (TLS to Redis, where hiredis has none).
[[nodiscard]] Status validate(const RedisConfig& config);

struct Config {
    std::string data_dir;  // made if missing; several processes of one machine may share it
    QueueOptions queue;
    QueuePlace queue_place = QueuePlace::kept;
    RedisConfig redis;  // redis.url is needed where jobs wait in Redis
    LakeConfig lake;    // the same for all who share the data folder; moving it is `archaeologist lake copy`, then this
    VectorStoreConfig vectors;       // as the lake; moving it is `archaeologist vectors copy`, then this
    ChunkOptions chunks;             // kind is chosen a file
    std::string languages = "auto";  // that prose is looked at in (analyzer.hpp)
    Limits limits;
    std::string worker_id;  // of the built-in worker, of no other live one; empty = host-pid-random
    int workers = 0;        // slots of the built-in worker; 0 = chosen from the core count
    std::chrono::milliseconds heartbeat{3'000};
    std::chrono::milliseconds grace{10'000};  // for running jobs when workers stop; then they are handed back
    std::shared_ptr<Embedder> embedder;       // the program's own; null = `embedding` says
    EmbedderConfig embedding;                 // another model than before takes its place in the background
    const Clock* clock = nullptr;             // null = the machine's; must outlive the engine
    LogSink log;                              // empty = silent
    LogLevel log_level = LogLevel::info;
};

// Reads a file of lines "name = value", with # before comments and "quotes" round values that hold blanks or #:
//   data; queue (kept, sqlite, redis); redis-url, queue-name, queue-shards, job-result-ttl (seconds); lake, s3-access-key,
//   s3-secret-key, s3-session-token, lake-ca-file, lake-proxy; vectors, qdrant-api-key, vectors-ca-file, vectors-proxy; embedder, embedder-key, embedder-ca-file, embedder-proxy,
//   embedder-cache (bytes); worker-id; concurrency (a number or auto); heartbeat, grace, lease (seconds); file-max, text-max (bytes, or 64K, 16M, 4G); chunk-tokens,
//   chunk-tokens-max, chunk-overlap; languages (auto, or codes such as de,fr); log-level (debug, info, warning, error)
// What a file does not name stays at its default. Errors: not_found, permission_denied, io_error, invalid_argument (names file,
// line and rule).
[[nodiscard]] Result<Config> read_config(const std::string& path);

}  // namespace archaeologist
