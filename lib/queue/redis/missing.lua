-- Which of these jobs (at most 1,000) the shard does not know.
-- ARGV  3… ids
-- →  ids.  O(k)
local missing = {}
for i = 3, #ARGV do
    if call('HEXISTS', JOBS, ARGV[i]) == 0 and call('HEXISTS', STATES, ARGV[i]) == 0 then missing[#missing + 1] = ARGV[i] end
end
return missing
