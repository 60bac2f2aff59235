#include "engine/check_redis.hpp"

#include <charconv>

#include "queue/redis/broker.hpp"
#include "queue/redis/layout.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;
using Verdict = Check::Verdict;

constexpr std::pair<int, int> version_min{6, 2};
constexpr auto clock_warning = 1s;
constexpr std::int64_t full_percent = 90;

std::pair<int, int> version_of(const std::string& text) {
    std::pair<int, int> version{0, 0};
    const char* const end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.first);
    if (major.ec == std::errc() && major.ptr != end) std::from_chars(major.ptr + 1, end, version.second);
    return version;
}

std::string mebibytes(std::int64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

std::string persistence_of(const redis::ServerFacts& facts) {
    if (facts.has_aof == true)
        return "appendonly file, fsync " + (facts.append_fsync.empty() ? "?" : facts.append_fsync);
    if (!facts.rdb_rules.empty()) return "snapshots (" + facts.rdb_rules + ")";
    return facts.knows_config ? "keeps nothing over a restart" : "persistence unknown";
}

std::string found_of(const redis::ServerFacts& facts) {
    std::string found = "Redis " + facts.version + ", " + facts.mode + ", " + facts.role + "; " + persistence_of(facts);
    found += "; eviction " + (facts.eviction_policy.empty() ? std::string("unknown") : facts.eviction_policy);
    if (facts.used_bytes) found += "; " + mebibytes(*facts.used_bytes) + " used";
    if (facts.bytes_max.value_or(0) > 0) found += " of " + mebibytes(*facts.bytes_max);
    if (facts.ahead) found += "; clock " + std::to_string(facts.ahead->count()) + " ms ahead of this host's";
    return found;
}

// Empty: nothing is to be done.
std::string advice_of(const redis::ServerFacts& facts) {
    if (!facts.eviction_policy.empty() && facts.eviction_policy != "noeviction") {
        return "set maxmemory-policy to noeviction: what is evicted is handed over again, and may run twice";
    }
    if (facts.role != "master") return "name the primary: a replica takes no jobs";
    if (facts.are_writes_saved == false) return "its last write to disk failed; see its log";
    const std::int64_t most = facts.bytes_max.value_or(0);
    if (most > 0 && facts.used_bytes.value_or(0) > most / 100 * full_percent) {
        return "raise maxmemory: when it is full, jobs wait in the catalog until there is room";
    }
    if (facts.ahead && std::chrono::abs(*facts.ahead) > clock_warning) {
        return "set the clocks: times of jobs are told by Redis's, and deadlines are kept by this host's";
    }
    return {};
}

}  // namespace

Check judge_redis(const redis::ServerFacts& facts) {
    if (version_of(facts.version) < version_min) {
        return {"redis", Verdict::bad, found_of(facts), "use Redis 6.2 or later"};
    }
    std::string advice = advice_of(facts);
    const Verdict verdict = advice.empty() ? Verdict::good : Verdict::warning;
    return {"redis", verdict, found_of(facts), std::move(advice)};
}

std::vector<Check> check_redis(redis::Client& client, const redis_queue::BrokerOptions& options, const Clock& clock) {
    std::vector<Check> checks;
    for (int shard = 0; shard < options.shards; ++shard) {
        const std::string key = redis_queue::keys_of(options.name, shard).all.front();
        const auto facts = redis::describe(client, key, clock);
        checks.push_back(facts ? judge_redis(*facts)
                               : Check{"redis", Verdict::bad, facts.error().message,
                                       "see that it runs, can be reached from here, and lets this user in"});
        if (options.shards > 1) checks.back().name += ", shard " + std::to_string(shard);
        if (!facts) return checks;  // the next one would take as long to find missing
    }
    redis_queue::Broker broker(client, options);
    const auto stats = broker.stats();
    // Where there is no queue yet there is nothing to say of it.
    if (stats && stats->set_aside > 0) {
        checks.push_back({"results", Verdict::warning,
                          std::to_string(stats->set_aside) + " jobs ended with what cannot be recorded",
                          "see httpd's log for what refuses it; nothing is lost, and it is tried again"});
    }
    return checks;
}

}  // namespace archaeologist
