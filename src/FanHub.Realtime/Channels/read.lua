-- Reads one moment of a channel.
-- KEYS: head, log, items, gone
-- ARGV: 1 epoch and 2 offset of the position asked from (epoch '' for none)
-- Returns: false if there is no such channel, else epoch, offset, revision, 1 if recovered, logged entries, items, gone
local head = redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'revision')
local epoch, offset = head[1], tonumber(head[2] or '0')
if not epoch then
  return false
end

local since = tonumber(ARGV[2])
local recovered = 0
local stream = {}
if ARGV[1] == epoch and since <= offset then
  stream = redis.call('XRANGE', KEYS[2], string.format('%.0f-0', since + 1), '+')
  if since == offset or (stream[1] and tonumber(string.match(stream[1][1], '^%d+')) == since + 1) then
    recovered = 1
  end
end
if recovered == 0 then
  stream = redis.call('XRANGE', KEYS[2], '-', '+')
end

local logged = {}
for i = 1, #stream do
  logged[i] = stream[i][2][2]
end
return { epoch, head[2], head[3], recovered, logged, redis.call('HVALS', KEYS[3]), redis.call('HVALS', KEYS[4]) }
