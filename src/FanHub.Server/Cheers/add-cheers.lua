-- Adds a node's taps to the sum of the present second, and takes the sums of seconds that are over.
-- KEYS: a channel's sums (hash; a field is <second>:<reaction>)
-- ARGV: 1 seconds that a sum is kept, then pairs of a reaction and its taps
-- Returns: the clock in milliseconds, fields and values of the seconds that are over
local time = redis.call('TIME')
local second = tonumber(time[1])
local over = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local of = tonumber(string.match(all[i], '^%d+'))
  if of < second then
    redis.call('HDEL', KEYS[1], all[i])
    if of >= second - tonumber(ARGV[1]) then
      over[#over + 1] = all[i]
      over[#over + 1] = all[i + 1]
    end
  end
end
for i = 2, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], time[1] .. ':' .. ARGV[i], ARGV[i + 1])
end
if #ARGV > 1 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return { string.format('%.0f', second * 1000 + math.floor(time[2] / 1000)), over }
