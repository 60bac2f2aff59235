#include "redis/describe.hpp"

#include <charconv>

namespace archaeologist::redis {

namespace {

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// INFO is lines of "name:value", of which each name stands once.
std::string_view field(std::string_view info, std::string_view name) {
    for (std::size_t at = 0; (at = info.find(name, at)) != std::string_view::npos; at += name.size()) {
        const std::size_t end = at + name.size();
        if ((at > 0 && info[at - 1] != '\n') || end >= info.size() || info[end] != ':') continue;
        return info.substr(end + 1, info.find_first_of("\r\n", end) - end - 1);
    }
    return {};
}

std::optional<bool> are_writes_saved(std::string_view info) {
    const std::string_view rdb = field(info, "rdb_last_bgsave_status");
    const std::string_view aof = field(info, "aof_last_write_status");
    if (rdb.empty() && aof.empty()) return std::nullopt;
    return (rdb.empty() || rdb == "ok") && (aof.empty() || aof == "ok");
}

ServerFacts facts_of(std::string_view info) {
    ServerFacts facts;
    facts.version = field(info, "redis_version");
    facts.mode = field(info, "redis_mode");
    facts.role = field(info, "role");
    facts.eviction_policy = field(info, "maxmemory_policy");
    if (const auto aof = number_of(field(info, "aof_enabled"))) facts.has_aof = *aof != 0;
    facts.used_bytes = number_of(field(info, "used_memory"));
    facts.bytes_max = number_of(field(info, "maxmemory"));
    facts.replica_count = number_of(field(info, "connected_slaves"));
    facts.client_count = number_of(field(info, "connected_clients"));
    facts.uptime_s = number_of(field(info, "uptime_in_seconds"));
    facts.are_writes_saved = are_writes_saved(info);
    return facts;
}

// Nil where the user may not ask, or a service hides the command.
Result<Reply> ask(Client& client, std::string_view key, const std::vector<std::string>& words) {
    auto reply = client.command(key, words);
    if (reply) return reply;
    const bool is_hidden = reply.error().message.find("unknown command") != std::string::npos;
    if (is_hidden || reply.error().message.find("NOPERM") != std::string::npos) return Reply{};
    return reply;
}

Result<std::string> configured(Client& client, std::string_view key, const std::string& name) {
    ARCHAEO_ASSIGN(const Reply reply, ask(client, key, {"CONFIG", "GET", name}));
    return reply.list().size() == 2 ? reply.list()[1].text() : std::string();
}

struct ServerTime {
    std::optional<std::chrono::milliseconds> ahead;
    std::chrono::microseconds round_trip{0};
};

Result<ServerTime> time_of(Client& client, std::string_view key, const Clock& clock) {
    const auto asked_at = std::chrono::steady_clock::now();
    ARCHAEO_ASSIGN(const Reply reply, ask(client, key, {"TIME"}));
    const auto took = std::chrono::steady_clock::now() - asked_at;
    ServerTime time{.ahead = {}, .round_trip = std::chrono::duration_cast<std::chrono::microseconds>(took)};
    if (reply.list().size() != 2) return time;
    const auto seconds = number_of(reply.list()[0].text());
    const auto micros = number_of(reply.list()[1].text());
    if (!seconds || !micros) return time;
    const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(took / 2);
    time.ahead = from_ms(*seconds * 1'000 + *micros / 1'000) - (clock.now() - half);
    return time;
}

}  // namespace

Result<ServerFacts> describe(Client& client, std::string_view key, const Clock& clock) {
    ARCHAEO_ASSIGN(const Reply info, ask(client, key, {"INFO"}));
    ServerFacts facts = facts_of(info.text());
    ARCHAEO_ASSIGN(facts.append_fsync, configured(client, key, "appendfsync"));
    facts.knows_config = !facts.append_fsync.empty();
    if (facts.knows_config) {
        ARCHAEO_ASSIGN(facts.rdb_rules, configured(client, key, "save"));
    }
    ARCHAEO_ASSIGN(const ServerTime time, time_of(client, key, clock));
    facts.ahead = time.ahead;
    facts.round_trip = time.round_trip;
    return facts;
}

}  // namespace archaeologist::redis
