// What a server says about itself, for `doctor`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/clock.hpp"
#include "redis/client.hpp"

namespace archaeologist::redis {

// What is empty or missing is unknown: the server is older, or does not let us ask.
struct ServerFacts {
    std::string version;          // "7.0.15"
    std::string mode;             // "standalone", "cluster"
    std::string role;             // "master", "slave"
    std::string eviction_policy;  // "noeviction" is the only one that loses no jobs
    std::string rdb_rules;        // "3600 1 300 100"; empty = none or unknown: see knows_config
    std::string append_fsync;     // "always", "everysec", "no"
    std::optional<bool> has_aof;
    std::optional<std::int64_t> used_bytes;
    std::optional<std::int64_t> bytes_max;  // 0 = as much as there is
    std::optional<std::int64_t> replica_count;
    std::optional<std::int64_t> client_count;
    std::optional<std::int64_t> uptime_s;
    std::optional<bool> are_writes_saved;            // the last AOF write and RDB save went well
    std::optional<std::chrono::milliseconds> ahead;  // the server's clock before ours, to half a round trip
    std::chrono::microseconds round_trip{0};         // of one TIME
    bool knows_config = false;                       // CONFIG GET was allowed
};

// Of the server that `key` is on (empty = any). Errors: those of Client::command, but what the user may not ask for is
// left unknown.
[[nodiscard]] Result<ServerFacts> describe(Client& client, std::string_view key, const Clock& clock);

}  // namespace archaeologist::redis
