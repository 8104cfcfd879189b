-- Puts up, takes away and reads nodes' reports of their audience.
-- KEYS: reports (hash by node), when each was put up (sorted set)
-- ARGV: 1 milliseconds that a report counts, 2 node ('' to read only), 3 its report ('' to take it away)
-- Returns: the clock in milliseconds, the reports that count
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] ~= '' then
  if ARGV[3] ~= '' then
    redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
    redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[2])
  else
    redis.call('HDEL', KEYS[1], ARGV[2])
    redis.call('ZREM', KEYS[2], ARGV[2])
  end
end
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('(%.0f', now - tonumber(ARGV[1])))) do
  redis.call('HDEL', KEYS[1], node)
  redis.call('ZREM', KEYS[2], node)
end
return { string.format('%.0f', now), redis.call('HVALS', KEYS[1]) }
