-- Notes that a fan asked for more time on a quiz, once.
--
-- KEYS[1] forgotten fans (sorted set)
-- KEYS[2] who asked on this quiz (sorted set)
-- KEYS[3] the quizzes that somebody asked on (sorted set)
-- ARGV[1] the fan
-- ARGV[2] when, in Unix milliseconds
-- ARGV[3] the quiz
-- ARGV[4] how long all of it is kept, in milliseconds
--
-- Returns when the fan first asked, or '' where the fan has been forgotten.
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return '' end
redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[4])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[3], string.format('%.0f', now), ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('(%.0f', now - tonumber(ARGV[4])))
return redis.call('ZSCORE', KEYS[2], ARGV[1])
