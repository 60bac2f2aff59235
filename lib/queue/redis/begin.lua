-- Begins an incarnation of the queue on a shard: forgets what was there before. One that is there already stays, also where
-- it was begun on another server.
-- KEYS  those of one shard (layout.hpp)
-- ARGV  incarnation, shard, shards, then pairs of further fields of `meta`
-- →  OK. INCOMPATIBLE where a later incarnation is there.  O(what is forgotten)
local found = tonumber(redis.call('HGET', KEYS[1], 'incarnation') or 0)
local wanted = tonumber(ARGV[1])
if found > wanted then
    return redis.error_reply('INCOMPATIBLE Redis holds incarnation ' .. found .. ' of the queue, which is later than ' .. wanted)
end
if found < wanted then
    redis.call('UNLINK', unpack(KEYS))
    redis.call('HSET', KEYS[1], 'server', history(replication()), 'run', run())
end
redis.call('HSET', KEYS[1], 'incarnation', ARGV[1], 'shard', ARGV[2], 'shards', ARGV[3], unpack(ARGV, 4))
return redis.status_reply('OK')
