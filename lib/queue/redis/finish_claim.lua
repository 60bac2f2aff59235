-- What a worker does all day: settles up to 256 attempts, then claims up to 256 jobs. Also claim (no settlements), settle
-- and release (no claim).
-- ARGV  3 seed of the backoff's chance, 4 lease_ms, 5 backoff_base_ms, 6 backoff_cap_ms, 7 worker, 8 limit (-1: settle only),
--       9 'claim', or 'look': say what a claim could take, and take nothing
--       10, 11 leases and suspects that the worker holds on other shards
--       12 number of job types (0 = all), the types, number of rooms, the rooms: 'p' PROJECT or 'T' TYPE, how many more may
--       run on all shards; then for each settlement:
--       id, epoch, worker, how (c f p r d e: completed, failed, permanently, released, delayed, expanded), text, wait_ms
-- →  { now, one number a settlement (0 done, 1 no such job, 2 lease lost), lane and type of each lane,
--      { id, epoch, lease until, deadline, retries, claims, job } of each job claimed,
--      when something is due next (0 = nothing), leases and suspects that the worker holds, whether to ask again at once }
--    'look' gives in the third place what has a limit, how many run, how many may; in the fourth of each job it could take its
--    place and id, 'T' TYPE, if that has a limit 'p' PROJECT, and of a suspect 's', 'o' when others reserved it
-- O((k + 128) log n): makes at most 64 due jobs ready and takes at most 64 expired leases back. What the end of an attempt
-- means is decided as in lib/queue/settle.cpp, what is picked as in lib/queue/pick.cpp.
math.randomseed(tonumber(ARGV[3]))
local lease_ms, backoff_base, backoff_cap = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local worker, limit, is_look = ARGV[7], tonumber(ARGV[8]), ARGV[9] == 'look'
local types_at, types = 12, tonumber(ARGV[12])
local rooms_at = types_at + types + 1
local rooms_given = tonumber(ARGV[rooms_at])
local crashes_max, delay_max, moved_max = 3, 3600000, 256

local function end_attempt(s, outcome, message)
    s.attempts = s.attempts .. pack('<I8I8I8Bc0Bc0Hc0', s.epoch, s.started, now, #s.worker, s.worker, #outcome, outcome,
        #message, message)
end

-- run_at: not before, or nil.
local function put_back(id, s, outcome, message, run_at)
    end_attempt(s, outcome, message)
    s.state, s.queued, s.run_at, s.error = WAITING, now, run_at or 0, message
    local at = member(s.place, id)
    if run_at then
        gather('ZADD', DELAYED, run_at, at .. (is_suspect(s) and 's' or ''))
    elseif is_suspect(s) then
        gather('ZADD', SUSPECTS, 0, suspect_member(s.place, id))
    else
        gather('ZADD', READY, 0, at)
    end
    note(id, s)
end

local function finish(id, s, state, outcome, message, data)
    s.state, s.ended, s.outcome, s.error, s.data = state, now, outcome, message, data
    gather('HDEL', JOBS, id)
    note(id, s)
end

-- RetryPolicy::next_attempt of lib/job/retry.cpp.
local function retry_or_fail(id, s, message, retried, failed)
    if s.retries >= s.retries_max then return finish(id, s, FAILED, failed, message, '') end
    local ceiling = math.min(backoff_cap, backoff_base * 2 ^ math.min(s.retries, 30))
    s.retries = s.retries + 1
    put_back(id, s, retried, message, now + math.floor(math.random() * (ceiling + 1)))
end

local settle_as = {
    c = function(id, s, text) finish(id, s, COMPLETED, 'completed', '', text) end,
    e = function(id, s, text) finish(id, s, EXPANDED, 'expanded', '', text) end,
    p = function(id, s, text) finish(id, s, FAILED, 'failed', text, '') end,
    f = function(id, s, text) retry_or_fail(id, s, text, 'retried', 'failed') end,
    r = function(id, s) put_back(id, s, 'released', '', nil) end,
    d = function(id, s, text, wait)
        put_back(id, s, 'delayed', text, now + math.max(0, math.min(wait, delay_max)))
    end
}

local function settle()
    local first, codes, ids = rooms_at + rooms_given * 2 + 1, {}, {}
    for i = first, #ARGV, 6 do ids[#ids + 1] = ARGV[i] end
    if #ids == 0 then return codes end
    local states = call('HMGET', STATES, unpack(ids))
    local seen = {}
    for i = 1, #ids do
        local at = first + (i - 1) * 6
        local s = states[i] and decode(states[i])
        if not s then
            codes[i] = call('HEXISTS', JOBS, ids[i]) == 1 and 2 or 1
        elseif seen[ids[i]] or s.state ~= RUNNING or s.epoch ~= tonumber(ARGV[at + 1]) or s.worker ~= ARGV[at + 2] then
            codes[i] = 2
        else
            seen[ids[i]] = true
            leave(ids[i], s)
            settle_as[ARGV[at + 3]](ids[i], s, ARGV[at + 4], tonumber(ARGV[at + 5]))
            codes[i] = 0
        end
    end
    flush()
    return codes
end

-- on_lease_expired of lib/queue/settle.cpp.
local function expire(id, s, until_ms)
    leave(id, s)
    if until_ms >= s.deadline then
        local late = string.format('timed out after %d s', math.floor(s.timeout / 1000))
        return retry_or_fail(id, s, late, 'timed_out', 'timed_out')
    end
    s.crashes = s.crashes + 1
    local message = 'worker "' .. s.worker:sub(1, 80) .. '" died or hung: its lease expired (crash ' .. s.crashes .. ' of ' ..
        crashes_max
    if s.crashes >= crashes_max then
        message = message .. ', this time with the job running alone, so it is not tried again)'
        return finish(id, s, FAILED, 'lease_expired', message, '')
    end
    put_back(id, s, 'lease_expired', message .. ')', nil)
end

local function reap()
    local over = call('ZRANGEBYSCORE', LEASES, '-inf', now, 'WITHSCORES', 'LIMIT', 0, 64)
    if #over == 0 then return end
    for i = 1, #over, 2 do
        local text = call('HGET', STATES, over[i])
        if text then expire(over[i], decode(text), tonumber(over[i + 1])) else gather('ZREM', LEASES, over[i]) end
    end
    flush()
end

local function promote()
    local due = call('ZRANGEBYSCORE', DELAYED, '-inf', now, 'LIMIT', 0, 64)
    if #due == 0 then return end
    call('ZREM', DELAYED, unpack(due))
    for _, at in ipairs(due) do
        if #at > 26 then
            gather('ZADD', SUSPECTS, 0, suspect_member(at:sub(1, 10), at:sub(11, 26)))
        else
            gather('ZADD', READY, 0, at)
        end
    end
    flush()
end

-- The lanes that the claim may take from: { lane, project or nil }, and the names of the types.
local function wanted_lanes()
    local lanes, names = {}, {}
    local has_projects = (tonumber(meta[5]) or 0) > 0
    if types > 0 and not has_projects then
        local fields = {}
        for i = 1, types do fields[i] = 't' .. ARGV[types_at + i] end
        for i, lane in ipairs(call('HMGET', LANES, unpack(fields))) do
            if lane then
                lanes[#lanes + 1] = { lane = lane, type = lane }
                names[#names + 1] = lane
                names[#names + 1] = ARGV[types_at + i]
            end
        end
        return lanes, names
    end
    local asked = {}
    for i = 1, types do asked[ARGV[types_at + i]] = true end
    local all, taken = call('HGETALL', LANES), {}
    for i = 1, #all, 2 do
        local name = all[i]:sub(2)
        if all[i]:sub(1, 1) == 't' and (types == 0 or asked[name]) then
            taken[all[i + 1]] = true
            lanes[#lanes + 1] = { lane = all[i + 1], type = all[i + 1] }
            names[#names + 1] = all[i + 1]
            names[#names + 1] = name
        end
    end
    for i = 1, #all, 2 do
        if all[i]:sub(1, 1) == 'p' and taken[all[i]:sub(2, 3)] then
            lanes[#lanes + 1] = { lane = all[i + 1], type = all[i]:sub(2, 3), project = all[i]:sub(4) }
        end
    end
    return lanes, names
end

-- How many more may run of what has a limit: field of `limits` → room. Also what `look` tells of it: on all shards one
-- limit holds, so what counts there is the room that is given.
local function rooms(names)
    local found, told = call('HGETALL', LIMITS), {}
    if #found == 0 then return nil, told end
    local fields, room, type_of, lane_of = {}, {}, {}, {}
    for i = 1, #names, 2 do type_of[names[i]], lane_of[names[i + 1]] = names[i + 1], names[i] end
    for i = 1, #found, 2 do fields[#fields + 1] = found[i] end
    local running = call('HMGET', COUNTS, unpack(fields))
    for i, field in ipairs(fields) do
        local runs, most = tonumber(running[i] or 0) or 0, tonumber(found[i * 2])
        room[field] = most - runs
        local name = field:sub(1, 1) == 'p' and field or type_of[field:sub(2)] and 'T' .. type_of[field:sub(2)]
        if name then
            told[#told + 1] = name
            told[#told + 1] = runs
            told[#told + 1] = most
        end
    end
    for i = 1, rooms_given do
        local name, more = ARGV[rooms_at + i * 2 - 1], tonumber(ARGV[rooms_at + i * 2])
        local lane = name:sub(1, 1) == 'T' and lane_of[name:sub(2)]
        local field = lane and 't' .. lane or name
        if room[field] then room[field] = more end
    end
    return room, told
end

local function head(lane, wanted)
    local above = pack('>H', struct.unpack('>H', lane) + 1)
    return call('ZRANGEBYLEX', READY, '[' .. lane, '(' .. above, 'LIMIT', 0, wanted)
end

local moved, asks_again = 0, false

-- Jobs of a project that has a limit leave the lane of all when a claim finds them there: they would stand in the others' way.
local function move_to_project_lane(lane, project, at)
    local field = 'p' .. lane .. project
    local own = call('HGET', LANES, field)
    if not own then
        own = pack('>H', call('HINCRBY', META, 'last_lane', 1))
        call('HSET', LANES, field, own)
        meta[5] = call('HINCRBY', META, 'project_lanes', 1)
    end
    call('ZREM', READY, at)
    call('ZADD', READY, 0, own .. at:sub(3))
    moved = moved + 1
end

-- Empties the head of a lane of all of what has a lane of its own. Returns whether it moved any.
local function sort_out(lane, found, room)
    local ids = {}
    for i, at in ipairs(found) do ids[i] = at:sub(11) end
    local any = false
    for i, job in ipairs(call('HMGET', JOBS, unpack(ids))) do
        local project = job and job:sub(17, 24)
        if project and room['p' .. project] then
            move_to_project_lane(lane, project, found[i])
            any = true
        end
    end
    return any
end

local function add_candidates(candidates, one, room, wanted)
    if room then
        wanted = math.min(wanted, room['t' .. one.type] or wanted)
        if one.project then wanted = math.min(wanted, room['p' .. one.project] or wanted) end
        if wanted <= 0 then return end
    end
    local found = head(one.lane, wanted)
    if one.project and #found == 0 and not (room and room['p' .. one.project]) then
        call('HDEL', LANES, 'p' .. one.type .. one.project)
        call('HINCRBY', META, 'project_lanes', -1)
    end
    for _, at in ipairs(found) do
        candidates[#candidates + 1] = { key = at:sub(3), at = at, type = one.type, project = one.project }
    end
end

local function add_suspects(candidates, lanes, room)
    local by_lane = {}
    for _, one in ipairs(lanes) do by_lane[one.lane] = one end
    for _, at in ipairs(call('ZRANGE', SUSPECTS, 0, 63)) do
        local id, lane = at:sub(9, 24), at:sub(25)
        if by_lane[lane] then
            local project = room and (call('HGET', JOBS, id) or ''):sub(17, 24)
            candidates[#candidates + 1] = { key = at:sub(1, 24), at = at, type = lane, project = project, is_suspect = true }
        end
    end
end

local function has_room(room, one)
    if not room then return true end
    if one.project and (room['p' .. one.project] or 1) <= 0 then return false end
    return (room['t' .. one.type] or 1) > 0
end

local function reserved_by_others(one)
    local reserved = call('HGET', ALONE, 'r' .. one.key:sub(9))
    return reserved and struct.unpack('<I8', reserved) > now and reserved:sub(9) ~= worker
end

-- Picker of lib/queue/pick.cpp. For a look it only limits: who looks at several shards judges suspects over all of them.
local function pick(candidates, room, held, held_suspects)
    local picked, full_at = {}, held_suspects > 0 and 0 or limit
    for _, one in ipairs(candidates) do
        if #picked >= full_at then break end
        local takes = has_room(room, one)
        if takes and one.is_suspect and not is_look and held + #picked > 0 then
            takes = false
            if not reserved_by_others(one) then
                call('HSET', ALONE, 'r' .. one.key:sub(9), pack('<I8', now + lease_ms) .. worker)
                break
            end
        end
        if takes then
            if one.is_suspect and not is_look then full_at = 1 end
            picked[#picked + 1] = one
            if room then
                local p, t = 'p' .. (one.project or ''), 't' .. one.type
                if room[p] then room[p] = room[p] - 1 end
                if room[t] then room[t] = room[t] - 1 end
            end
        end
    end
    return picked
end

local function start(picked)
    local ids = {}
    for i, one in ipairs(picked) do ids[i] = one.key:sub(9) end
    local jobs, states = call('HMGET', JOBS, unpack(ids)), call('HMGET', STATES, unpack(ids))
    local shards = tonumber(meta[4])
    local counter = call('HINCRBY', META, 'counter', #ids) - #ids
    local base = tonumber(meta[1]) * 4294967296 + tonumber(meta[3])
    local claimed = {}
    for i, id in ipairs(ids) do
        local job = jobs[i]
        gather('ZREM', picked[i].is_suspect and SUSPECTS or READY, picked[i].at)
        if job then
            local s = states[i] and decode(states[i]) or fresh(job)
            s.state, s.claims, s.worker, s.started, s.run_at = RUNNING, s.claims + 1, worker, now, 0
            s.epoch = base + (counter + i) * shards
            s.deadline = now + s.timeout
            s.current, s.total, s.message = 0, 0, ''
            local until_ms = math.min(now + lease_ms, s.deadline)
            note(id, s, 50)
            gather('ZADD', LEASES, until_ms, id)
            count('w', worker, 1)
            count('p', s.project, 1)
            count('t', s.place:sub(1, 2), 1)
            if is_suspect(s) then
                call('HDEL', ALONE, 'r' .. id)
                call('HSET', ALONE, 'w' .. worker, id)
            end
            claimed[#claimed + 1] = { id, s.epoch, until_ms, s.deadline, s.retries, s.claims, job }
        end
    end
    flush()
    return claimed
end

-- The lanes of all whose head is not sorted out: too much of it has to move for one call.
local function sort_all(lanes, room)
    local unsorted = {}
    for _, one in ipairs(lanes) do
        local any = not one.project
        while any and moved < moved_max do
            local found = head(one.lane, limit)
            any = #found > 0 and sort_out(one.lane, found, room)
        end
        unsorted[one.lane] = any
        asks_again = asks_again or any
    end
    return unsorted
end

local function candidates_of(lanes, room, held_suspects)
    local candidates, unsorted = {}, {}
    if limit <= 0 or held_suspects > 0 or meta[2] == '1' then return candidates end
    if room then unsorted = sort_all(lanes, room) end
    if moved > 0 then lanes = wanted_lanes() end
    for _, one in ipairs(lanes) do
        if not unsorted[one.lane] then add_candidates(candidates, one, room, limit) end
    end
    local before = #candidates
    add_suspects(candidates, lanes, room)
    if #lanes > 1 or #candidates > before then table.sort(candidates, function(a, b) return a.key < b.key end) end
    return candidates
end

local function next_due()
    local due = 0
    for _, key in ipairs({ DELAYED, LEASES }) do
        local first = call('ZRANGE', key, 0, 0, 'WITHSCORES')
        local at = tonumber(first[2] or 0)
        if at > 0 and (due == 0 or at < due) then due = at end
    end
    return due
end

local codes = settle()
if limit < 0 then return { now, codes, {}, {}, 0, 0, 0, 0 } end
reap()
promote()
local lanes, names = wanted_lanes()
local held, held_suspects = tonumber(ARGV[10]), tonumber(ARGV[11])
local own, own_suspects = 0, 0
if is_look or call('EXISTS', SUSPECTS, ALONE) > 0 then
    own = tonumber(call('HGET', COUNTS, 'w' .. worker) or 0) or 0
    own_suspects = call('HEXISTS', ALONE, 'w' .. worker)
end
local room, limited = rooms(names)
local picked = pick(candidates_of(lanes, room, held_suspects + own_suspects), room, held + own, held_suspects + own_suspects)
if is_look then
    local keys, type_of = {}, {}
    for i = 1, #names, 2 do type_of[names[i]] = names[i + 1] end
    for _, one in ipairs(picked) do
        keys[#keys + 1] = one.key
        keys[#keys + 1] = 'T' .. (type_of[one.type] or '')
        keys[#keys + 1] = one.project and 'p' .. one.project or ''
        keys[#keys + 1] = not one.is_suspect and '' or reserved_by_others(one) and 'o' or 's'
    end
    return { now, codes, limited, keys, next_due(), own, own_suspects, asks_again and 1 or 0 }
end
local claimed = #picked > 0 and start(picked) or {}
if #claimed > 0 and #claimed >= limit and call('ZCARD', READY) > 0 and call('LLEN', WAKE) == 0 then push_tokens(1) end
return { now, codes, names, claimed, #claimed == 0 and next_due() or 0, own, own_suspects, asks_again and 1 or 0 }
