-- A worker comes or goes; who is there.
-- ARGV  3 'join' or 'leave', 4 worker, 5 how long it counts as alive from now, in ms
-- →  1; 0 where a live worker has the id.  O(log n)
-- ARGV  3 'list'  →  those that live.  O(n)
-- ARGV  3 'count', 4... workers  →  how many jobs of this shard each runs.  O(k)
if ARGV[3] == 'list' then return call('ZRANGEBYSCORE', WORKERS, '(' .. now, '+inf') end
if ARGV[3] == 'count' then
    local counts = {}
    for i = 4, #ARGV do counts[#counts + 1] = tonumber(call('HGET', COUNTS, 'w' .. ARGV[i]) or 0) end
    return counts
end
local worker = ARGV[4]
if ARGV[3] == 'leave' then
    call('ZREM', WORKERS, worker)
    return 1
end
local until_ms = tonumber(call('ZSCORE', WORKERS, worker) or 0)
if until_ms > now then return 0 end
-- First, so that what follows passes also when Redis is full (frees.lua).
call('ZREMRANGEBYSCORE', WORKERS, '-inf', now)
call('ZADD', WORKERS, now + tonumber(ARGV[5]), worker)
return 1
