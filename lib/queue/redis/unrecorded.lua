-- What the catalog does not know yet, oldest first, without what was set aside (set_aside.lua).
-- ARGV  3 how many at most, 4 bytes of states at most (one is given in any case), 5 'due', or 'all': also jobs that just
--       started
-- →  id and state of each.  O(k log n)
local until_ms = ARGV[5] == 'due' and now or now + 1000
local ids = call('ZRANGEBYSCORE', UNRECORDED, '-inf', until_ms, 'LIMIT', 0, tonumber(ARGV[3]))
local reply, bytes, bytes_max = {}, 0, tonumber(ARGV[4])
for from = 1, #ids, 100 do
    if bytes > bytes_max then break end
    local part = { unpack(ids, from, math.min(from + 99, #ids)) }
    for i, text in ipairs(call('HMGET', STATES, unpack(part))) do
        if text then
            reply[#reply + 1] = part[i]
            reply[#reply + 1] = text
            bytes = bytes + #text
        else
            call('ZREM', UNRECORDED, part[i])
        end
    end
end
return reply
