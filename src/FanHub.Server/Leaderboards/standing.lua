-- Where a fan stands, score and place of one moment.
--
-- KEYS[1] the ranking (sorted set)
-- ARGV[1] the fan's member
--
-- Returns the score and how many have a better one (better is lower); nothing for who is not there.
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return {} end
return { score, redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score) }
