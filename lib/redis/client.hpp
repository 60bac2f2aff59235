// Scripts and commands on a Redis: one server, what Sentinel names the primary, or a Cluster.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"
#include "redis/reply.hpp"
#include "redis/url.hpp"

namespace archaeologist::redis {

struct ClientOptions {
    std::chrono::milliseconds connect_max{2'000};
    std::chrono::milliseconds command_max{5'000};
    std::chrono::milliseconds retry_max{10'000};  // how long a call looks for a server that can serve it, in all
    std::chrono::milliseconds backoff_base{20};   // full jitter, doubling up to backoff_cap
    std::chrono::milliseconds backoff_cap{1'000};
    std::size_t connections_max = 64;  // to one node, without those that block
};

// A Lua script; `text` and `name` must outlive all clients (they are embedded at build).
struct Script {
    std::string_view name;
    std::string_view text;
};

// One call of a script, all of whose keys are in one hash slot.
struct ScriptCall {
    const Script* script = nullptr;
    std::vector<std::string> keys;
    std::vector<std::string> arguments;
};

// Thread-safe. Connections are made when needed, kept, and made anew when lost. A call that a lost connection, NOSCRIPT,
// MOVED, ASK, TRYAGAIN, CLUSTERDOWN, READONLY, LOADING, MASTERDOWN or BUSY stopped is done again within retry_max: what it
// calls must be safe to repeat, for a lost answer does not tell whether it had its effect.
//
// Errors: unavailable (nobody could be reached in time; the last reason is named), storage_full ("Redis is full: …", from
// OOM and MISCONF), permission_denied (AUTH, ACL: NOAUTH, WRONGPASS, NOPERM), cancelled (interrupt()), and internal with
// the server's words for any other error reply. Replies of scripts that are errors of the form "CODE message" with a code
// of result.hpp in upper case (redis.error_reply('INCOMPATIBLE …')) become that code.
class Client {
public:
    [[nodiscard]] static std::unique_ptr<Client> open(const Url& url, const ClientOptions& options);
    virtual ~Client() = default;

    [[nodiscard]] virtual Result<Reply> run(const ScriptCall& call) = 0;

    // A command; `key` says which node serves it (empty = any).
    [[nodiscard]] virtual Result<Reply> command(std::string_view key, std::span<const std::string> words) = 0;

    // One command to every primary.
    [[nodiscard]] virtual Result<std::vector<Reply>> command_all(std::span<const std::string> words) = 0;

    // BLPOP on a connection of its own, which counts not against connections_max. Nil when the time is over. Ends early, with
    // `cancelled`, on interrupt().
    [[nodiscard]] virtual Result<Reply> block_pop(const std::string& key, std::chrono::milliseconds wait) = 0;

    // Ends all block_pop calls that wait now.
    virtual void interrupt() = 0;
};

}  // namespace archaeologist::redis
