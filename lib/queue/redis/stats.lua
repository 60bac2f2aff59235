-- How much there is of what.
-- →  { ready (suspects too), delayed, running, unrecorded, live workers, paused, set aside for a minute or longer }.  O(log n)
return { call('ZCARD', READY) + call('ZCARD', SUSPECTS), call('ZCARD', DELAYED), call('ZCARD', LEASES),
    call('ZCARD', UNRECORDED), call('ZCOUNT', WORKERS, now, '+inf'), tonumber(meta[2] or 0),
    call('ZCOUNT', UNRECORDED, now + 60000, '+inf') }
