-- The catalog has what it was told of these jobs. A finished one's rest expires from now on. At most 1,000.
-- ARGV  3 how long the rest of a finished job is kept in ms, then for each: id, version
-- →  how many are settled with; the others have changed since.  O((k + 64) log n)
local ttl, ids, done = tonumber(ARGV[3]), {}, 0
for i = 4, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local states = #ids > 0 and call('HMGET', STATES, unpack(ids)) or {}
for i, id in ipairs(ids) do
    local s = states[i] and decode(states[i])
    if s and s.version == tonumber(ARGV[3 + i * 2]) then
        done = done + 1
        if s.state >= COMPLETED then
            bury(id, s, ttl)
        else
            gather('ZREM', UNRECORDED, id)
            if s.attempts ~= '' then
                s.attempts = ''
                gather('HSET', STATES, id, encode(s))
            end
        end
    end
end
flush()
local over = call('ZRANGEBYSCORE', EXPIRY, '-inf', now, 'LIMIT', 0, math.max(64, 2 * #ids))
if #over > 0 then
    gather('ZREM', EXPIRY, unpack(over))
    gather('HDEL', STATES, unpack(over))
    flush()
end
return done
