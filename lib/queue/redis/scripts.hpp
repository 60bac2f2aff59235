// The queue's Lua scripts, each with what it starts with (shared.lua).
#pragma once

#include "redis/client.hpp"

namespace archaeologist::redis_queue {

struct Scripts {
    redis::Script begin;
    redis::Script held;
    redis::Script enqueue;
    redis::Script finish_claim;
    redis::Script heartbeat;
    redis::Script cancel;
    redis::Script move;
    redis::Script settings;
    redis::Script unrecorded;
    redis::Script rest;  // unrecorded, also on another server
    redis::Script acknowledge;
    redis::Script set_aside;
    redis::Script missing;
    redis::Script list;
    redis::Script worker;
    redis::Script stats;
};

// Lives as long as the program.
[[nodiscard]] const Scripts& scripts();

}  // namespace archaeologist::redis_queue
