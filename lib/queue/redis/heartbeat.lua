-- Renews leases, never past their deadlines, and writes progress. At most 4,096 lines.
-- ARGV  3 worker, 4 lease_ms, 5 how long the worker counts as alive from now, in ms (0 = it did not join),
--       then for each line: id, epoch, progress_current, progress_total, progress_message
-- →  one number a line: 0 renewed, 1 lost, 2 cancelled.  O(k log n)
local worker, lease_ms, alive_ms = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
if alive_ms > 0 then call('ZADD', WORKERS, now + alive_ms, worker) end
local codes = {}
for i = 6, #ARGV, 5 do
    local id = ARGV[i]
    local text = call('HGET', STATES, id)
    local s = text and decode(text)
    local code = 1
    if s and s.epoch == tonumber(ARGV[i + 1]) and s.worker == worker then
        if s.state == CANCELLED then code = 2 end
        if s.state == RUNNING then
            code = 0
            gather('ZADD', LEASES, math.min(now + lease_ms, s.deadline), id)
            local current, total, message = tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), ARGV[i + 4]
            if s.current ~= current or s.total ~= total or s.message ~= message then
                s.current, s.total, s.message = current, total, message
                note(id, s)
            end
        end
    end
    codes[#codes + 1] = code
end
flush()
return codes
