#include "queue/redis/layout.hpp"

namespace archaeologist::redis_queue {

ShardKeys keys_of(std::string_view name, int shard) {
    const std::string tag = "{" + std::string(name) + ":" + std::to_string(shard) + "}:";
    ShardKeys keys;
    for (const std::string_view key : key_names) keys.all.push_back(tag + std::string(key));
    keys.wake = keys.all.back();
    keys.claiming = tag + "claiming";
    return keys;
}

}  // namespace archaeologist::redis_queue
