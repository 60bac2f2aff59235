#include "host/queue_settings.hpp"

#include "host/http_url.hpp"

namespace archaeologist::host {
namespace {

constexpr const char* default_name = "archaeologist_jobs";

// $REDIS_URL, else what $REDIS_HOST and its companions say; empty = nothing.
std::string url_of(const Environment& environment) {
    if (auto url = environment("REDIS_URL"); !url.empty()) return url;
    const auto host = environment("REDIS_HOST");
    if (host.empty()) return {};
    std::string url = "redis://";
    if (const auto password = environment("REDIS_PASSWORD"); !password.empty()) {
        url.append(":").append(percent_encoded(password)).append("@");
    }
    url += host.find(':') == std::string::npos ? host : '[' + host + ']';
    if (const auto port = environment("REDIS_PORT"); !port.empty()) url.append(":").append(port);
    if (const auto database = environment("REDIS_DB"); !database.empty()) url.append("/").append(database);
    return url;
}

}  // namespace

std::vector<Setting> redis_settings() {
    Setting url = Setting::text("redis-url", "REDIS_URL", "", "URL",
                                "Of the queue on Redis: redis://[user:password@]host[:port][/db], unix:/path, "
                                "redis+sentinel://host,host/name, redis+cluster://host,host; over TLS rediss:// and "
                                "?ca=FILE; else $REDIS_HOST, $REDIS_PORT, $REDIS_DB, $REDIS_PASSWORD");
    url.kind = Setting::Kind::secret;
    return {
        std::move(url),
        Setting::text("queue-name", "JOB_QUEUE_NAME", default_name, "NAME", "Of the queue in Redis"),
        Setting::integer("queue-shards", "", "1", 1, 64,
                         "Parts of the queue in Redis, which a Cluster spreads; the same for all who use it"),
        Setting::integer("job-result-ttl", "JOB_RESULT_TTL", "86400", 1, std::int64_t{30} * 86'400,
                         "Seconds for which Redis keeps a result that the catalog has"),
    };
}

std::vector<Setting> queue_settings() {
    std::vector<Setting> table{Setting::text(
        "queue", "QUEUE", "auto", "NAME",
        "Where jobs wait: sqlite = in the data folder, redis = in Redis, for many hosts; auto = redis where its "
        "URL is given, else where they waited before",
        {"auto", "sqlite", "redis"})};
    for (auto& setting : redis_settings()) table.push_back(std::move(setting));
    return table;
}

RedisConfig redis_of(const Settings& settings, const Environment& environment) {
    RedisConfig redis;
    redis.url = settings.text("redis-url").empty() ? url_of(environment) : settings.text("redis-url");
    redis.name = settings.text("queue-name");
    redis.shards = static_cast<int>(settings.integer("queue-shards"));
    redis.result_ttl = std::chrono::seconds(settings.integer("job-result-ttl"));
    return redis;
}

Result<QueueChoice> queue_choice(const Settings& settings, const Environment& environment) {
    QueueChoice choice;
    choice.redis = redis_of(settings, environment);
    const auto queue = settings.text("queue");
    if (queue == "sqlite") choice.place = QueuePlace::catalog;
    if (queue == "redis" || (queue == "auto" && !choice.redis.url.empty())) choice.place = QueuePlace::redis;
    if (choice.place == QueuePlace::redis && choice.redis.url.empty()) {
        return Error{Code::invalid_argument, "queue is \"redis\" (" + settings.origin("queue") +
                                                 "), so redis-url must say where Redis is ($REDIS_URL)"};
    }
    return choice;
}

}  // namespace archaeologist::host
