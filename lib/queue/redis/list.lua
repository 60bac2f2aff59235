-- Some of the jobs that wait or run. Who lists all of them is told at least of those that are there all the while.
-- ARGV  3 how many about, 4 where to go on: '' = at the start, else what the call before said
-- →  where to go on ('' = that was all), then ids.  O(k); a small set is listed whole
local sets = { { READY, 11, 26 }, { DELAYED, 11, 26 }, { SUSPECTS, 9, 24 }, { LEASES, 1, 16 } }
local number, cursor = ARGV[4]:match('^(%d) (%d+)$')
number = tonumber(number or 1)
local key, from, to = unpack(sets[number])
local found = call('ZSCAN', key, cursor or '0', 'COUNT', ARGV[3])
local reply = { number .. ' ' .. found[1] }
if found[1] == '0' then reply[1] = number < #sets and number + 1 .. ' 0' or '' end
for i = 1, #found[2], 2 do reply[#reply + 1] = found[2][i]:sub(from, to) end
return reply
