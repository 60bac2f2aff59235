-- Before shared.lua in scripts that ask whether the shard's data was written here: by this server, in this life of it as a
-- primary. `meta` says where the incarnation was begun: server is the name of the history of writes (master_replid), which is
-- another after every start and whenever a replica is made the primary; run is the process's (run_id). Who may not ask (ACL)
-- takes it for the same.
local function replication()
    local info = redis.pcall('INFO', 'replication')
    return type(info) == 'string' and info or ''
end

local function history(info) return info:match('\nmaster_replid:(%x+)') or '' end

local function run()
    local info = redis.pcall('INFO', 'server')
    return type(info) == 'string' and info:match('\nrun_id:(%x+)') or ''
end

local function is_here(server, begun_by)
    local info = replication()
    local name = history(info)
    if name == '' or name == server then return true end
    -- A primary takes another name also when its first replica comes, or when it has had none for an hour. Only a promotion
    -- leaves the name of before in master_replid2.
    if not info:find('\nmaster_replid2:' .. ('0'):rep(40), 1, true) or run() ~= begun_by then return false end
    redis.call('HSET', KEYS[1], 'server', name)
    return true
end

