-- After server.lua and shared.lua in what workers and the recorder call. On another server than the incarnation was begun on, or
-- in another life of it, the last of what was written may be missing: epochs would be given again, and what ended would end
-- again. So nothing happens there before the catalog's side has begun the next incarnation.
if not is_here(meta[6], meta[7]) then
    return redis.error_reply('INCOMPATIBLE this is another Redis than incarnation ' .. meta[1] ..
        ' of the queue was begun on, or it was started again')
end

