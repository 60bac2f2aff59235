// What an error reply of a server means for the call that got it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "archaeologist/result.hpp"
#include "redis/reply.hpp"
#include "redis/url.hpp"

namespace archaeologist::redis {

struct ErrorReply {
    std::string text;  // "CODE words"
};
using Answer = std::variant<Reply, ErrorReply>;

enum class Remedy : std::uint8_t {
    none,          // the error is the caller's
    wait,          // the same server serves it later
    load_script,   // NOSCRIPT
    find_primary,  // this server is none (any more)
    move,          // MOVED: another node has the slot, and keeps it
    ask,           // ASK: another node has the key, this once
};

struct Meaning {
    Remedy remedy = Remedy::none;
    Error error;
};

// `server` names it in the message. An error that a script's command got and Redis before 7 wraps into its own is found.
[[nodiscard]] Meaning meaning_of(std::string_view text, std::string_view server);

// Where MOVED and ASK point to; the host is empty when it is that of the node that said so.
[[nodiscard]] std::optional<Endpoint> redirection_of(std::string_view text);

}  // namespace archaeologist::redis
