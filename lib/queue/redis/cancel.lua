-- Takes jobs away that the catalog cancelled or forgot; what is finished stays. A running one's worker learns of it from its
-- next heartbeat. At most 1,000.
-- ARGV  3 'cancel' or 'forget' (leaves nothing behind), 4 how long the rest is kept in ms, 5… ids
-- →  how many were waiting or running.  O(k log n)
local forgets, ttl, taken = ARGV[3] == 'forget', tonumber(ARGV[4]), 0
for i = 5, #ARGV do
    local id = ARGV[i]
    local text = call('HGET', STATES, id)
    local s = text and decode(text)
    local job = not (s and s.state ~= WAITING) and call('HGET', JOBS, id)
    if job then take_out(id, job, s) end
    if s and s.state == RUNNING then leave(id, s) end
    if job or (s and s.state == RUNNING) then
        taken = taken + 1
        s = s or fresh(job)
        s.state, s.ended = CANCELLED, now
        s.version = s.version + 1
        gather('HDEL', JOBS, id)
        -- Its worker is told so, whoever else has forgotten it.
        s.message, s.error, s.outcome, s.data, s.attempts = '', '', '', '', ''
        bury(id, encode(s), ttl)
    end
    flush()
    if forgets then
        call('HDEL', JOBS, id)
        call('HDEL', STATES, id)
        call('ZREM', UNRECORDED, id)
        call('ZREM', EXPIRY, id)
    end
end
return taken
