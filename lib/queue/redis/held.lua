-- Whether the shard holds an incarnation that was begun on this server. A server that is no primary any more refuses to say.
-- KEYS  those of one shard (layout.hpp)
-- ARGV  incarnation
-- →  1, 0.  O(1)
local found = redis.call('HMGET', KEYS[1], 'incarnation', 'server', 'run')
return found[1] == ARGV[1] and is_here(found[2], found[3]) and 1 or 0
