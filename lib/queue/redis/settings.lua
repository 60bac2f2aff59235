-- What the catalog says of the queue as a whole, in place of what was said before.
-- ARGV  3 paused ('0', '1'), then for each limit (at most 1,000): 'p' or 't', project (8 bytes) or job type, how many may run
-- →  OK.  O(limits)
call('HSET', META, 'paused', ARGV[3])
call('DEL', LIMITS)
for i = 4, #ARGV, 3 do
    local field = 'p' .. ARGV[i + 1]
    if ARGV[i] == 't' then
        local lane = call('HGET', LANES, 't' .. ARGV[i + 1])
        if not lane then
            lane = pack('>H', call('HINCRBY', META, 'last_lane', 1))
            call('HSET', LANES, 't' .. ARGV[i + 1], lane)
        end
        field = 't' .. lane
    end
    call('HSET', LIMITS, field, ARGV[i + 2])
end
-- Whoever waits looks what that changes for it.
push_tokens(64)
return redis.status_reply('OK')
