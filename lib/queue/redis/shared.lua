-- What every script but begin.lua and held.lua starts with: the shard's keys, its time, its records. It stands before their text.
--
-- KEYS  those of one shard, in the order of lib/queue/redis/layout.hpp
-- ARGV  1 the incarnation the caller expects ('' = any), 2 the time in ms ('' = the server's), 3… the script's own
-- Refused with INCOMPATIBLE where no queue was begun, or another incarnation.

local META, JOBS, STATES, READY, DELAYED, LEASES, SUSPECTS, ALONE, COUNTS, LANES, LIMITS, UNRECORDED, EXPIRY, WORKERS,
    WAKE = unpack(KEYS)
local call, pack = redis.call, struct.pack
local concat = table.concat

local meta = call('HMGET', META, 'incarnation', 'paused', 'shard', 'shards', 'project_lanes', 'server', 'run')
if not meta[1] then return redis.error_reply('INCOMPATIBLE Redis holds no queue of this name') end
if ARGV[1] ~= '' and ARGV[1] ~= meta[1] then
    return redis.error_reply('INCOMPATIBLE Redis holds incarnation ' .. meta[1] .. ' of the queue, not ' .. ARGV[1])
end

local now = tonumber(ARGV[2])
if not now then
    local time = call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A job never changes but for its place. lane: 2 bytes, place: 8 bytes that sort as the score does.
--   lane place priority retries_max timeout_ms project user source payload
local JOB = '<c10BBI4c8'

-- What became of a job that was claimed. Written by these scripts, read by lib/queue/redis/records.cpp.
local STATE = '<BI4I4BBBI4c10c8I8I8I8I8I8I8i8i8Bc0Hc0Hc0Bc0I4c0I4c0'
local WAITING, RUNNING, COMPLETED, FAILED, CANCELLED, EXPANDED = 1, 2, 3, 4, 5, 6

-- What is left of a job whose end is recorded: enough to refuse it, and latecomers.
local REST, REST_SIZE = '<BI4', 5

local function decode(text)
    if #text == REST_SIZE then
        local state, version = struct.unpack(REST, text)
        return { state = state, version = version }
    end
    local state, version, claims, retries, crashes, retries_max, timeout, place, project, epoch, started, deadline, queued,
        run_at, ended, current, total, worker, message, error, outcome, data, attempts = struct.unpack(STATE, text)
    return { state = state, version = version, claims = claims, retries = retries, crashes = crashes,
        retries_max = retries_max, timeout = timeout, place = place, project = project, epoch = epoch, started = started,
        deadline = deadline, queued = queued, run_at = run_at, ended = ended, current = current, total = total,
        worker = worker, message = message, error = error, outcome = outcome, data = data, attempts = attempts }
end

local function encode(s)
    return pack(STATE, s.state, s.version, s.claims, s.retries, s.crashes, s.retries_max, s.timeout, s.place, s.project,
        s.epoch, s.started, s.deadline, s.queued, s.run_at, s.ended, s.current, s.total, #s.worker, s.worker, #s.message,
        s.message, #s.error, s.error, #s.outcome, s.outcome, #s.data, s.data, #s.attempts, s.attempts)
end

-- Of a job that was never claimed.
local function fresh(job)
    local place, _, retries_max, timeout, project = struct.unpack(JOB, job)
    return { state = WAITING, version = 0, claims = 0, retries = 0, crashes = 0, retries_max = retries_max,
        timeout = timeout, place = place, project = project, epoch = 0, started = 0, deadline = 0, queued = 0, run_at = 0,
        ended = 0, current = 0, total = 0, worker = '', message = '', error = '', outcome = '', data = '',
        attempts = '' }
end

-- Redis takes long over numbers that Lua hands it; most scores of a call are the same few.
local score_texts = {}
local function score_text(score)
    local text = score_texts[score]
    if not text then
        text = string.format('%.0f', score)
        score_texts[score] = text
    end
    return text
end

-- Writes that are gathered and done at once: command → key → the words after it.
local gathered = {}
local function gather(command, key, first, second)
    local of_command = gathered[command]
    if not of_command then
        of_command = {}
        gathered[command] = of_command
    end
    local words = of_command[key]
    if not words then
        words = { size = 0 }
        of_command[key] = words
    end
    local size = words.size + 1
    words[size] = type(first) == 'number' and score_text(first) or first
    if second then
        size = size + 1
        words[size] = second
    end
    words.size = size
end

-- In slices, for Lua can pass so many words and no more.
local function write(command)
    for key, words in pairs(gathered[command] or {}) do
        for from = 1, words.size, 4000 do call(command, key, unpack(words, from, math.min(from + 3999, words.size))) end
    end
end

-- How many more run: of a worker ('w'), a project ('p'), a lane ('t').
local counted = { w = {}, p = {}, t = {} }
local function count(kind, name, change)
    local of_kind = counted[kind]
    of_kind[name] = (of_kind[name] or 0) + change
end

-- Takes from before it adds: a job may leave a set and come back to it.
local function flush()
    for _, command in ipairs({ 'ZREM', 'HDEL', 'ZADD', 'HSET' }) do write(command) end
    for kind, changes in pairs(counted) do
        for name, change in pairs(changes) do
            local field = kind .. name
            if change ~= 0 and call('HINCRBY', COUNTS, field, change) <= 0 then call('HDEL', COUNTS, field) end
        end
        counted[kind] = {}
    end
    gathered = {}
end

local function is_suspect(s) return s.crashes >= 2 end  -- is_suspect of queue/settle.hpp

-- Where a waiting job stands in `ready` or `delayed`, and in `suspects`.
local function member(place, id) return place .. id end
local function suspect_member(place, id) return place:sub(3) .. id .. place:sub(1, 2) end

-- The lane of a project's jobs of one type, or nil.
local function project_lane(place, project)
    if (tonumber(meta[5]) or 0) == 0 then return nil end
    return call('HGET', LANES, 'p' .. place:sub(1, 2) .. project) or nil
end

-- Something happened that the catalog is to be told, at once or in a while: most jobs have ended before.
local function note(id, s, wait_ms)
    s.version = s.version + 1
    gather('HSET', STATES, id, encode(s))
    gather('ZADD', UNRECORDED, now + (wait_ms or 0), id)
end

-- The end of a lease, whatever comes after it.
local function leave(id, s)
    gather('ZREM', LEASES, id)
    count('w', s.worker, -1)
    count('p', s.project, -1)
    count('t', s.place:sub(1, 2), -1)
    if is_suspect(s) then call('HDEL', ALONE, 'w' .. s.worker) end
end

local function push_tokens(wanted)
    local room = 64 - call('LLEN', WAKE)
    if wanted > room then wanted = room end
    if wanted <= 0 then return end
    local tokens = {}
    for i = 1, wanted do tokens[i] = '' end
    call('RPUSH', WAKE, unpack(tokens))
end

-- Takes a waiting job out of its order, wherever it stands. job: its record.
local function take_out(id, job, s)
    local place = s and s.place or job:sub(1, 10)
    local project = s and s.project or job:sub(17, 24)
    local at = member(place, id)
    gather('ZREM', READY, at)
    gather('ZREM', DELAYED, at, at .. 's')
    gather('ZREM', SUSPECTS, suspect_member(place, id))
    call('HDEL', ALONE, 'r' .. id)
    local lane = project_lane(place, project)
    if lane then gather('ZREM', READY, lane .. at:sub(3)) end
end

-- The catalog knows how a job ended. rest: what stays of it until that expires.
local function bury(id, rest, ttl_ms)
    gather('HSET', STATES, id, rest)
    gather('ZREM', UNRECORDED, id)
    gather('ZADD', EXPIRY, now + ttl_ms, id)
end
