-- Removes what is known of a fan, and notes the number as forgotten.
--
-- KEYS[1]   forgotten fans (sorted set)
-- KEYS[2]   the bucket of names that the fan's is in (hash)
-- KEYS[3..] who asked for more time, on each quiz that somebody did on (sorted sets)
-- ARGV[1]   the fan
-- ARGV[2]   the fan's field in the bucket
-- ARGV[3]   how long a fan stays noted, in microseconds
--
-- Returns the moment, in Unix microseconds.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local moment = string.format('%.0f', now)
redis.call('ZADD', KEYS[1], moment, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now - tonumber(ARGV[3])))
redis.call('HDEL', KEYS[2], ARGV[2])
for i = 3, #KEYS do redis.call('ZREM', KEYS[i], ARGV[1]) end
return moment
