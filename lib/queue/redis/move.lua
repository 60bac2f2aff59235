-- Gives waiting jobs another place in the order; what runs or is finished stays as it is. At most 1,000.
-- ARGV  for each: id, place (8 bytes), priority (a byte)
-- →  how many moved.  O(k log n)
local moved = 0
for i = 3, #ARGV, 3 do
    local id = ARGV[i]
    local job = call('HGET', JOBS, id)
    local text = call('HGET', STATES, id)
    local s = text and decode(text)
    if job and not (s and s.state ~= WAITING) then
        local before = job:sub(1, 10)
        local delayed = call('ZSCORE', DELAYED, member(before, id)) or call('ZSCORE', DELAYED, member(before, id) .. 's')
        take_out(id, job, s)
        local place = job:sub(1, 2) .. ARGV[i + 1]
        call('HSET', JOBS, id, place .. ARGV[i + 2] .. job:sub(12))
        if s then
            s.place = place
            call('HSET', STATES, id, encode(s))
        end
        local suspect = s and is_suspect(s)
        if delayed then
            gather('ZADD', DELAYED, delayed, member(place, id) .. (suspect and 's' or ''))
        elseif suspect then
            gather('ZADD', SUSPECTS, 0, suspect_member(place, id))
        else
            gather('ZADD', READY, 0, member(place, id))
        end
        flush()
        moved = moved + 1
    end
end
return moved
