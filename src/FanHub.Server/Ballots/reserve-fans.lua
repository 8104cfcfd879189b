-- Takes a block of fan numbers. The rule and its reasons are told at FanNumbers.
--
-- KEYS[1] the next number (string)
-- ARGV[1] how many
-- ARGV[2] Unix seconds of number 0
-- ARGV[3] how far numbers may run ahead of the clock, in microseconds
--
-- Returns the first number, or the negative of how many microseconds it is too early.
local count, lead = tonumber(ARGV[1]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = (tonumber(time[1]) - tonumber(ARGV[2])) * 1000000 + tonumber(time[2])

local stored = tonumber(redis.call('GET', KEYS[1]) or nil)
if not stored then
  stored = now + lead
  redis.call('SET', KEYS[1], string.format('%.0f', stored))
end

-- math.fmod is exact up to 2^53; the % of this Lua is not.
local first = math.max(stored, now) + count - 1
first = first - math.fmod(first, count)

local early = first + count - (now + lead)
if early > 0 then return -early end
redis.call('SET', KEYS[1], string.format('%.0f', first + count))
return first
