-- Forgets a leaderboard, if these are all its sources.
--
-- KEYS[1]   the sources (set)
-- KEYS[2]   the ranking (sorted set)
-- KEYS[3]   the version of publication (string)
-- KEYS[4..] the versions of each source's chunks (hashes)
-- ARGV      the sources, in the order of KEYS[4..]
--
-- Returns 1, or 0 and has done nothing where there are other sources by now.
if redis.call('SCARD', KEYS[1]) ~= #ARGV then return 0 end
for _, source in ipairs(ARGV) do
  if redis.call('SISMEMBER', KEYS[1], source) == 0 then return 0 end
end

-- Freed in the background: a large one takes a while.
for _, key in ipairs(KEYS) do
  redis.call('UNLINK', key)
end
return 1
