-- Adds a chunk of point changes to a leaderboard, once.
--
-- KEYS[1] the ranking (sorted set): the member is the fan's number in 16 digits, the score -(points * 2^29 + time)
-- KEYS[2] the versions of the source's chunks (hash)
-- KEYS[3] the sources (set)
-- ARGV[1] the source
-- ARGV[2] the chunk
-- ARGV[3] the version of it that is expected
-- ARGV[4] the version that the changes lead to
-- ARGV[5] the changes, one after the other, one a fan: member (16 bytes), points and time (4 bytes each, signed, big-endian)
--
-- Returns 1 and the new version; or 0 and the version that is there instead; or 2 and the member whose total would leave the limits. Only with 1 has anything changed.
local call, floor, sub, number = redis.call, math.floor, string.sub, struct.unpack
local ranking, changes = KEYS[1], ARGV[5]

local version = call('HGET', KEYS[2], ARGV[2]) or '0'
if version ~= ARGV[3] then return { 0, version } end

-- The limits of BoardScore; this Lua unpacks fewer than 8,000 values at once.
local times, points, step = 536870912, 16777216, 2000

local members, count = {}, #changes / 24
for i = 1, count do
  members[i] = sub(changes, i * 24 - 23, i * 24 - 8)
end

local changed, n = {}, 0
for from = 1, count, step do
  local held = call('ZMSCORE', ranking, unpack(members, from, math.min(count, from + step - 1)))
  for i = 1, #held do
    local member = members[from + i - 1]
    local before = tonumber(held[i] or nil)
    local total = before and -before or 0
    local morePoints, moreTime = number('>i4i4', changes, (from + i - 1) * 24 - 7)
    local p = floor(total / times)
    local t = total - p * times + moreTime
    p = p + morePoints
    if t < 0 or t >= times or p >= points or p <= -points then return { 2, member } end

    -- Not -(…): that would be a negative zero.
    local after = 0 - (p * times + t)
    if after ~= before then
      changed[n + 1], changed[n + 2] = after, member
      n = n + 2
    end
  end
end

for from = 1, n, 2 * step do
  call('ZADD', ranking, unpack(changed, from, math.min(n, from + 2 * step - 1)))
end
call('HSET', KEYS[2], ARGV[2], ARGV[4])
call('SADD', KEYS[3], ARGV[1])
return { 1, ARGV[4] }
