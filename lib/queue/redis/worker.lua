-- A worker comes or goes.
-- ARGV  3 'join' or 'leave', 4 worker, 5 how long it counts as alive from now, in ms
-- →  1; 0 where a live worker has the id.  O(log n)
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
