#include "config.hpp"

#include "arguments.hpp"
#include "embedder.hpp"
#include "guard.hpp"

namespace archaeologist::capi {
namespace {

Result<QueuePlace> queue_place(int32_t given, QueuePlace base) {
    switch (given) {
        case ARCHAEO_QUEUE_KEPT: return base;
        case ARCHAEO_QUEUE_CATALOG: return QueuePlace::catalog;
        case ARCHAEO_QUEUE_REDIS: return QueuePlace::redis;
        default: return bad_number("queue_place", given, "must be an ARCHAEO_QUEUE_...");
    }
}

Result<Milliseconds> milliseconds(std::string_view name, std::int64_t value, std::int64_t least,
                                  Milliseconds fallback) {
    ARCHAEO_ASSIGN(const std::int64_t ms, number(name, value, least, week_ms, fallback.count()));
    return Milliseconds(ms);
}

Result<std::chrono::hours> kept(std::string_view name, std::int64_t value, std::chrono::hours fallback) {
    constexpr std::int64_t century_ms = std::int64_t{100} * 365 * 24 * 3'600 * 1'000;
    if (value == ARCHAEO_NONE) return std::chrono::hours(0);  // for ever
    return whole(name, value, century_ms, fallback);
}

Status take_queue(const archaeo_options& given, Config& config) {
    ARCHAEO_ASSIGN(config.queue_place, queue_place(given.queue_place, config.queue_place));
    ARCHAEO_ASSIGN(const std::int64_t shards, number("redis_shards", given.redis_shards, 1, 64, config.redis.shards));
    config.redis.shards = static_cast<int>(shards);
    ARCHAEO_ASSIGN(config.redis.url, text_or("redis_url", given.redis_url, config.redis.url));
    ARCHAEO_ASSIGN(config.redis.name, text_or("redis_name", given.redis_name, config.redis.name));
    ARCHAEO_ASSIGN(config.redis.result_ttl, whole("redis_result_ttl_ms", given.redis_result_ttl_ms,
                                                  std::int64_t{30} * 86'400'000, config.redis.result_ttl));
    QueueOptions& queue = config.queue;
    ARCHAEO_ASSIGN(queue.lease, milliseconds("lease_ms", given.lease_ms, 100, queue.lease));
    ARCHAEO_ASSIGN(queue.backoff_base, milliseconds("backoff_base_ms", given.backoff_base_ms, 1, queue.backoff_base));
    ARCHAEO_ASSIGN(queue.backoff_cap, milliseconds("backoff_cap_ms", given.backoff_cap_ms, 1, queue.backoff_cap));
    Retention& retention = queue.retention;
    ARCHAEO_ASSIGN(retention.completed, kept("keep_completed_ms", given.keep_completed_ms, retention.completed));
    ARCHAEO_ASSIGN(retention.cancelled, kept("keep_cancelled_ms", given.keep_cancelled_ms, retention.cancelled));
    ARCHAEO_ASSIGN(retention.failed, kept("keep_failed_ms", given.keep_failed_ms, retention.failed));
    return {};
}

Status take_worker(const archaeo_options& given, Config& config) {
    ARCHAEO_ASSIGN(config.worker_id, text_or("worker_id", given.worker_id, config.worker_id));
    ARCHAEO_ASSIGN(const std::int64_t workers, number("workers", given.workers, 1, 1'024, config.workers));
    config.workers = static_cast<int>(workers);
    ARCHAEO_ASSIGN(config.heartbeat, milliseconds("heartbeat_ms", given.heartbeat_ms, 10, config.heartbeat));
    ARCHAEO_ASSIGN(config.grace, given.grace_ms == ARCHAEO_NONE
                                     ? Result<Milliseconds>(Milliseconds(0))
                                     : milliseconds("grace_ms", given.grace_ms, 1, config.grace));
    return {};
}

struct TextSetting {
    std::string_view name;
    const char* given;
    std::string& taken;
};

Status take_texts(const archaeo_options& given, Config& config) {
    for (const TextSetting& setting : {
             TextSetting{"lake", given.lake, config.lake.url},
             TextSetting{"s3_access_key", given.s3_access_key, config.lake.credentials.access_key},
             TextSetting{"s3_secret_key", given.s3_secret_key, config.lake.credentials.secret_key},
             TextSetting{"s3_session_token", given.s3_session_token, config.lake.credentials.session_token},
             TextSetting{"lake_ca_file", given.lake_ca_file, config.lake.ca_file},
             TextSetting{"lake_proxy", given.lake_proxy, config.lake.proxy},
             TextSetting{"vectors", given.vectors, config.vectors.url},
             TextSetting{"qdrant_api_key", given.qdrant_api_key, config.vectors.api_key},
             TextSetting{"vectors_ca_file", given.vectors_ca_file, config.vectors.ca_file},
             TextSetting{"vectors_proxy", given.vectors_proxy, config.vectors.proxy},
             TextSetting{"embedder_url", given.embedder_url, config.embedding.url},
             TextSetting{"embedder_key", given.embedder_key, config.embedding.api_key},
             TextSetting{"embedder_ca_file", given.embedder_ca_file, config.embedding.ca_file},
             TextSetting{"embedder_proxy", given.embedder_proxy, config.embedding.proxy},
             TextSetting{"languages", given.languages, config.languages},
         }) {
        ARCHAEO_ASSIGN(setting.taken, text_or(setting.name, setting.given, setting.taken));
    }
    if (given.embedder_cache_bytes == ARCHAEO_NONE) {
        config.embedding.cache_bytes_max = 0;
    } else {
        constexpr std::int64_t bytes_max = std::int64_t{1} << 50;
        ARCHAEO_ASSIGN(const std::int64_t bytes,
                       number("embedder_cache_bytes", given.embedder_cache_bytes, 1, bytes_max,
                              static_cast<std::int64_t>(config.embedding.cache_bytes_max)));
        config.embedding.cache_bytes_max = static_cast<std::uint64_t>(bytes);
    }
    return {};
}

Status take_log(const archaeo_options& given, Config& config) {
    ARCHAEO_ASSIGN(const std::int64_t level, number("log_level", given.log_level, ARCHAEO_LOG_DEBUG, ARCHAEO_LOG_ERROR,
                                                    static_cast<int>(config.log_level) + 1));
    config.log_level = static_cast<LogLevel>(level - 1);
    if (given.log == nullptr) return {};
    config.log = [sink = given.log, user_data = given.log_user_data](const LogRecord& record) {
        const std::string message(record.message);
        const std::string job = record.job_id ? record.job_id->text() : std::string();
        sink(static_cast<int32_t>(record.level) + 1, message.c_str(), message.size(),
             record.job_id ? job.c_str() : nullptr, user_data);
    };
    return {};
}

}  // namespace

ChunkOptions chunk_options(std::uint32_t target_tokens, std::uint32_t max_tokens, double overlap,
                           const ChunkOptions& base) {
    ChunkOptions chunks = base;
    if (target_tokens != 0) {
        chunks.target_tokens = target_tokens;
        // What the defaults have, kept in proportion; huge ones are left for the validation to refuse.
        chunks.max_tokens = target_tokens < (1U << 24) ? target_tokens + target_tokens / 3 : target_tokens;
    }
    if (max_tokens != 0) chunks.max_tokens = max_tokens;
    chunks.overlap = fraction_or_none(overlap, base.overlap);
    return chunks;
}

Result<EngineSetup> engine_setup(const archaeo_options* given, Config base) {
    ARCHAEO_ASSIGN(const auto known, options("options", given));
    EngineSetup setup{std::move(base), nullptr};
    Config& config = setup.config;
    ARCHAEO_TRY(take_queue(known, config));
    ARCHAEO_TRY(take_worker(known, config));
    ARCHAEO_TRY(take_log(known, config));
    ARCHAEO_TRY(take_texts(known, config));
    if (known.file_bytes_max != 0) config.limits.file_bytes_max = known.file_bytes_max;
    if (known.text_bytes_max != 0) config.limits.text_bytes_max = known.text_bytes_max;
    config.chunks =
        chunk_options(known.chunk_target_tokens, known.chunk_max_tokens, known.chunk_overlap, config.chunks);
    if (known.embedder != nullptr) {
        ARCHAEO_ASSIGN(setup.embedder, ProgramEmbedder::make(known.embedder));
        config.embedder = setup.embedder;
    }
    return setup;
}

}  // namespace archaeologist::capi
