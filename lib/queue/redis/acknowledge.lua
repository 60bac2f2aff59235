-- The catalog has what it was told of these jobs. A finished one's rest expires from now on. At most 1,000.
-- ARGV  3 how long the rest of a finished job is kept in ms, 0 = nothing is, also of earlier ones; then for each: id, version
-- →  how many rests are gone; jobs that have changed since the version are left.  O((k + 1,000) log n)
local ttl, ids = tonumber(ARGV[3]), {}
for i = 4, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local states = #ids > 0 and call('HMGET', STATES, unpack(ids)) or {}
for i, id in ipairs(ids) do
    local s = states[i] and decode(states[i])
    if s and s.version == tonumber(ARGV[3 + i * 2]) then
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
local at_most = ttl > 0 and math.max(64, 2 * #ids) or 1000
local over = call('ZRANGEBYSCORE', EXPIRY, '-inf', ttl > 0 and now or '+inf', 'LIMIT', 0, at_most)
if #over > 0 then
    gather('ZREM', EXPIRY, unpack(over))
    gather('HDEL', STATES, unpack(over))
    flush()
end
return #over
