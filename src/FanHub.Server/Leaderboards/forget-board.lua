-- Forgets a leaderboard, if these are all its sources.
--
-- KEYS[1]   the sources (set)
-- KEYS[2..] everything else that is kept of it; as the last ones, the versions of each source's chunks
-- ARGV      the sources
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
