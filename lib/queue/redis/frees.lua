-- Before shared.lua in scripts that free memory in the end: once a script has written, Redis lets it go on also when it is
-- full, so that a full queue drains.
redis.call('ZREM', KEYS[6], '')
