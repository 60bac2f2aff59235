#include "queue/redis/scripts.hpp"

#include <deque>
#include <string>

#include "lua/queue_redis_acknowledge.hpp"
#include "lua/queue_redis_begin.hpp"
#include "lua/queue_redis_cancel.hpp"
#include "lua/queue_redis_enqueue.hpp"
#include "lua/queue_redis_finish_claim.hpp"
#include "lua/queue_redis_frees.hpp"
#include "lua/queue_redis_heartbeat.hpp"
#include "lua/queue_redis_missing.hpp"
#include "lua/queue_redis_move.hpp"
#include "lua/queue_redis_settings.hpp"
#include "lua/queue_redis_shared.hpp"
#include "lua/queue_redis_stats.hpp"
#include "lua/queue_redis_unrecorded.hpp"
#include "lua/queue_redis_worker.hpp"

namespace archaeologist::redis_queue {
namespace {

redis::Script with_shared(const redis::Script& script, std::string_view before = {}) {
    static std::deque<std::string> texts;  // only while scripts() makes its one object
    std::string& text = texts.emplace_back(before);
    text += lua::queue_redis_shared.text;
    text += script.text;
    return {script.name, text};
}

redis::Script that_frees(const redis::Script& script) { return with_shared(script, lua::queue_redis_frees.text); }

}  // namespace

const Scripts& scripts() {
    static const Scripts all{.begin = lua::queue_redis_begin,
                             .enqueue = with_shared(lua::queue_redis_enqueue),
                             .finish_claim = that_frees(lua::queue_redis_finish_claim),
                             .heartbeat = that_frees(lua::queue_redis_heartbeat),
                             .cancel = that_frees(lua::queue_redis_cancel),
                             .move = with_shared(lua::queue_redis_move),
                             .settings = that_frees(lua::queue_redis_settings),
                             .unrecorded = that_frees(lua::queue_redis_unrecorded),
                             .acknowledge = that_frees(lua::queue_redis_acknowledge),
                             .missing = with_shared(lua::queue_redis_missing),
                             .worker = with_shared(lua::queue_redis_worker),
                             .stats = with_shared(lua::queue_redis_stats)};
    return all;
}

}  // namespace archaeologist::redis_queue
