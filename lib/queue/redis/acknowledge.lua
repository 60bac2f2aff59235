-- The catalog has what it was told of these jobs. A finished one's rest expires from now on. At most 1,000.
-- ARGV  3 how long the rest of a finished job is kept in ms, 0 = nothing is, also of earlier ones; then for each: id, version
-- →  how many rests are gone; jobs that have changed since the version are left.  O((k + 1,000) log n)
local ttl, ids = tonumber(ARGV[3]), {}
for i = 4, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local states = #ids > 0 and call('HMGET', STATES, unpack(ids)) or {}
for i, id in ipairs(ids) do
    local text = states[i]
    local state, version
    if text then state, version = struct.unpack(REST, text) end
    if version == tonumber(ARGV[3 + i * 2]) then
        if state >= COMPLETED then
            bury(id, text:sub(1, REST_SIZE), ttl)
        else
            gather('ZREM', UNRECORDED, id)
            if text:sub(-4) ~= '\0\0\0\0' then  -- the size of its attempts
                local s = decode(text)
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
    for _, id in ipairs(over) do
        gather('ZREM', EXPIRY, id)
        gather('HDEL', STATES, id)
    end
    flush()
end
return #over
