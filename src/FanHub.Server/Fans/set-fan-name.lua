-- Gives a fan a name, unless the fan has been forgotten.
--
-- KEYS[1] forgotten fans (sorted set)
-- KEYS[2] the bucket of names that the fan's is in (hash)
-- ARGV[1] the fan
-- ARGV[2] the fan's field in the bucket
-- ARGV[3] the name; '' takes it away
--
-- Returns 1, or 0 where the fan has been forgotten.
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[2], ARGV[2])
else
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
end
return 1
