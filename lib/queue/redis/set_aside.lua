-- Leaves what cannot be recorded now for later, so that it stands in nobody's way. At most 1,000.
-- ARGV  3 for how long in ms, 4… ids
-- →  OK.  O(k log n)
for i = 4, #ARGV do call('ZADD', UNRECORDED, 'XX', now + tonumber(ARGV[3]), ARGV[i]) end
return redis.status_reply('OK')
