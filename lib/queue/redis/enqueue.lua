-- Takes up to 1,000 jobs in, each once by its id.
-- ARGV  number of types, the types, then for each job: id, its type (from 1), the job without its lane, its past
--       ('' = none, else '<I8BBI4I4': not before (0 = at once), retries, crashes, claims, version)
-- →  how many were new.  O(k log n)
local lanes = {}
local types = tonumber(ARGV[3])
for i = 1, types do
    local field = 't' .. ARGV[3 + i]
    local lane = call('HGET', LANES, field)
    if not lane then
        lane = pack('>H', call('HINCRBY', META, 'last_lane', 1))
        call('HSET', LANES, field, lane)
    end
    lanes[i] = lane
end

local ids = {}
for i = 4 + types, #ARGV, 4 do ids[#ids + 1] = ARGV[i] end
if #ids == 0 then return 0 end
local known = call('HMGET', STATES, unpack(ids))
local ready, delayed, suspects, states = {}, {}, {}, {}
local new = 0

local function put(id, job, past)
    local place = job:sub(1, 10)
    if past == '' then
        ready[#ready + 1] = '0'
        ready[#ready + 1] = member(place, id)
        return
    end
    local s = fresh(job)
    s.run_at, s.retries, s.crashes, s.claims, s.version = struct.unpack('<I8BBI4I4', past)
    if s.version > 0 then
        states[#states + 1] = id
        states[#states + 1] = encode(s)
    end
    if s.run_at > now then
        delayed[#delayed + 1] = s.run_at
        delayed[#delayed + 1] = member(place, id) .. (is_suspect(s) and 's' or '')
    elseif is_suspect(s) then
        suspects[#suspects + 1] = '0'
        suspects[#suspects + 1] = suspect_member(place, id)
    else
        ready[#ready + 1] = '0'
        ready[#ready + 1] = member(place, id)
    end
end

for i = 1, #ids do
    local at = 4 + types + (i - 1) * 4
    if not known[i] then
        local job = lanes[tonumber(ARGV[at + 1])] .. ARGV[at + 2]
        if call('HSETNX', JOBS, ids[i], job) == 1 then
            new = new + 1
            put(ids[i], job, ARGV[at + 3])
        end
    end
end
if #ready > 0 then call('ZADD', READY, unpack(ready)) end
if #delayed > 0 then call('ZADD', DELAYED, unpack(delayed)) end
if #suspects > 0 then call('ZADD', SUSPECTS, unpack(suspects)) end
if #states > 0 then call('HSET', STATES, unpack(states)) end
if new > 0 then push_tokens(new) end
return new
