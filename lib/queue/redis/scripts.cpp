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
#include "lua/queue_redis_held.hpp"
#include "lua/queue_redis_here.hpp"
#include "lua/queue_redis_list.hpp"
#include "lua/queue_redis_missing.hpp"
#include "lua/queue_redis_move.hpp"
#include "lua/queue_redis_server.hpp"
#include "lua/queue_redis_set_aside.hpp"
#include "lua/queue_redis_settings.hpp"
#include "lua/queue_redis_shared.hpp"
#include "lua/queue_redis_stats.hpp"
#include "lua/queue_redis_unrecorded.hpp"
#include "lua/queue_redis_worker.hpp"

namespace archaeologist::redis_queue {
namespace {

// A script of one text after the other. Called only while scripts() makes its one object.
redis::Script joined(const redis::Script& script, std::initializer_list<std::string_view> before) {
    static std::deque<std::string> texts;
    std::string& text = texts.emplace_back();
    for (const std::string_view part : before) text += part;
    text += script.text;
    return {script.name, text};
}

redis::Script with_shared(const redis::Script& script) { return joined(script, {lua::queue_redis_shared.text}); }

redis::Script that_frees(const redis::Script& script) {
    return joined(script, {lua::queue_redis_frees.text, lua::queue_redis_shared.text});
}

redis::Script that_frees_here(const redis::Script& script) {
    return joined(script, {lua::queue_redis_frees.text, lua::queue_redis_server.text, lua::queue_redis_shared.text,
                           lua::queue_redis_here.text});
}

}  // namespace

const Scripts& scripts() {
    static const Scripts all{
        .begin = joined(lua::queue_redis_begin, {lua::queue_redis_server.text}),
        .held = joined(lua::queue_redis_held, {lua::queue_redis_frees.text, lua::queue_redis_server.text}),
        .enqueue = with_shared(lua::queue_redis_enqueue),
        .finish_claim = that_frees_here(lua::queue_redis_finish_claim),
        .heartbeat = that_frees_here(lua::queue_redis_heartbeat),
        .cancel = that_frees(lua::queue_redis_cancel),
        .move = with_shared(lua::queue_redis_move),
        .settings = that_frees(lua::queue_redis_settings),
        .unrecorded = that_frees_here(lua::queue_redis_unrecorded),
        .rest = that_frees({"queue/redis/rest", lua::queue_redis_unrecorded.text}),
        .acknowledge = that_frees(lua::queue_redis_acknowledge),
        .set_aside = that_frees(lua::queue_redis_set_aside),
        .missing = with_shared(lua::queue_redis_missing),
        .list = with_shared(lua::queue_redis_list),
        .worker = with_shared(lua::queue_redis_worker),
        .stats = with_shared(lua::queue_redis_stats)};
    return all;
}

}  // namespace archaeologist::redis_queue
