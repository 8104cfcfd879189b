-- Reads what of a leaderboard has changed, all of one moment.
--
-- KEYS    as award.lua's first three: head, pages, changes
-- ARGV[1] the revision up to which the caller has it
-- ARGV[2] the most pages
--
-- Returns the checksum, and, in the order of their revisions, for each page its number, its revision, and the page. Fewer than the most: these are all.
local call = redis.call
local reply = { call('HGET', KEYS[1], 'checksum') or '0' }
local changed = call('ZRANGEBYSCORE', KEYS[3], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #changed, 2 do
  local n = #reply
  reply[n + 1], reply[n + 2], reply[n + 3] = changed[i], changed[i + 1], call('HGET', KEYS[2], changed[i])
end
return reply
