-- Records a batch of ballots of one interaction, each fan's once, and counts them in the same step.
--
-- KEYS[1]   the box (hash)
-- KEYS[2]   the numbers of the buckets that hold ballots (set)
-- KEYS[3..] the buckets (hashes), each once
-- ARGV[1]   1 if a fan may replace an earlier ballot
-- ARGV[2]   how many bytes of a ballot are choices
-- ARGV[3]   the ballots, one after the other: index in KEYS (2 bytes), length of field and of value (1 byte each), field, value
-- ARGV[4..] the numbers of the buckets, in the order of KEYS[3..]
--
-- Returns one string with a digit for each ballot (0 accepted, 1 changed, 2 repeated, 3 already voted, 4 sealed), then, for each 2, 3 and 4 in their order, what the box holds for
-- that fan (an empty string where it holds nothing).
local call, byte, sub = redis.call, string.byte, string.sub
local box, changeable, width, ballots = KEYS[1], ARGV[1] == '1', tonumber(ARGV[2]), ARGV[3]

-- A resend is known by its choices and the fingerprint of 4 bytes after them; what follows is the time.
local identity = width + 4
local sealed = call('HGET', box, 'sealed')
local reply, statuses, n = { '' }, {}, 0
local accepted, changed, repeated, refused, late = 0, 0, 0, 0, 0

-- By position and value of a byte of choices, how many more ballots have it: taken apart into options once at the end, not for every ballot.
local moved = {}

local at, size = 1, #ballots
while at <= size do
  local high, low, fieldLength, valueLength = byte(ballots, at, at + 3)
  local bucket = KEYS[high * 256 + low]
  local from = at + 4 + fieldLength
  local field = sub(ballots, at + 4, from - 1)
  at = from + valueLength
  local value = sub(ballots, from, at - 1)
  n = n + 1

  if not sealed and call('HSETNX', bucket, field, value) == 1 then
    accepted = accepted + 1
    statuses[n] = '0'
    for i = 1, width do
      local slot = i * 256 + byte(value, i)
      moved[slot] = (moved[slot] or 0) + 1
    end
  else
    local held = call('HGET', bucket, field) or ''
    if sub(held, 1, identity) == sub(value, 1, identity) then
      repeated = repeated + 1
      statuses[n] = '2'
      reply[#reply + 1] = held
    elseif sealed then
      late = late + 1
      statuses[n] = '4'
      reply[#reply + 1] = held
    elseif changeable then
      call('HSET', bucket, field, value)
      changed = changed + 1
      statuses[n] = '1'
      for i = 1, width do
        local slot, old = i * 256 + byte(value, i), i * 256 + byte(held, i)
        moved[slot] = (moved[slot] or 0) + 1
        moved[old] = (moved[old] or 0) - 1
      end
    else
      refused = refused + 1
      statuses[n] = '3'
      reply[#reply + 1] = held
    end
  end
end

local options = {}
for slot, ballotsMoved in pairs(moved) do
  local bits = slot % 256
  local option = ((slot - bits) / 256 - 1) * 8
  while bits > 0 do
    if bits % 2 == 1 then
      options[option] = (options[option] or 0) + ballotsMoved
      bits = bits - 1
    end
    bits = bits / 2
    option = option + 1
  end
end

for option, ballotsMoved in pairs(options) do
  if ballotsMoved ~= 0 then call('HINCRBY', box, option, ballotsMoved) end
end

if accepted > 0 then
  call('HINCRBY', box, 'accepted', accepted)
  call('SADD', KEYS[2], unpack(ARGV, 4))
end
if changed > 0 then call('HINCRBY', box, 'changed', changed) end
if repeated > 0 and not sealed then call('HINCRBY', box, 'repeated', repeated) end
if refused > 0 then call('HINCRBY', box, 'refused', refused) end
if late > 0 then call('HINCRBY', box, 'late', late) end

reply[1] = table.concat(statuses)
return reply
