-- Appends one update to a channel: takes its place in the log, replaces the item, wakes the nodes. All of it, or nothing.
-- KEYS: head, log, items, gone, idempotency key
-- ARGV: 1 class, 2 item key, 3 version, 4 '1' if it removes the item, 5 the entry from "key" on, 6 length of the log,
--       7 an epoch in case the channel is new, 8 seconds to remember the idempotency key ('0': there is none),
--       9 where to publish, 10 how many removed items to remember
-- Returns: outcome (0 appended, 1 repeated, 2 superseded, 3 fleeting and no channel), epoch, offset
local head = redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'revision')
local epoch, offset, revision = head[1], tonumber(head[2] or '0'), tonumber(head[3] or '0')

if ARGV[8] ~= '0' then
  local earlier = redis.call('GET', KEYS[5])
  if earlier and epoch then
    return { 1, epoch, tonumber(earlier) }
  end
end

local kept = ARGV[1] ~= 'fleeting'
if not epoch and not kept then
  return { 3, '', 0 }
end

if not epoch then
  -- What is left of a channel without a head belongs to a life that is over.
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
  epoch, offset, revision = ARGV[7], 0, 0
  local life = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'offset', 0, 'revision', 0, 'life', life)
end

if kept then
  -- Held values begin with their version, so that comparing needs no JSON.
  local held = redis.call('HGET', KEYS[3], ARGV[2]) or redis.call('HGET', KEYS[4], ARGV[2])
  if held and tonumber(string.match(held, '^%d+')) >= tonumber(ARGV[3]) then
    return { 2, epoch, offset }
  end
  revision = revision + 1
  if ARGV[1] == 'logged' then
    offset = offset + 1
  end
  redis.call('HSET', KEYS[1], 'offset', string.format('%.0f', offset), 'revision', string.format('%.0f', revision))
end

local entry = '{"epoch":"' .. epoch .. '","offset":' .. string.format('%.0f', offset)
  .. ',"revision":' .. string.format('%.0f', revision) .. ',' .. ARGV[5]

if kept then
  if ARGV[1] == 'logged' then
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[6], string.format('%.0f-0', offset), 'e', entry)
  end
  local value = ARGV[3] .. ' ' .. entry
  if ARGV[4] == '1' then
    redis.call('HDEL', KEYS[3], ARGV[2])
    redis.call('HSET', KEYS[4], ARGV[2], value)
    if redis.call('HLEN', KEYS[4]) > tonumber(ARGV[10]) then
      -- Nobody can resume from before the log's beginning, so nobody needs to hear of removals before it.
      local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
      local beginning = first[1] and tonumber(string.match(first[1][1], '^%d+')) or offset
      local gone = redis.call('HGETALL', KEYS[4])
      for i = 1, #gone, 2 do
        if tonumber(string.match(gone[i + 1], '"offset":(%d+)')) < beginning then
          redis.call('HDEL', KEYS[4], gone[i])
        end
      end
    end
  else
    redis.call('HSET', KEYS[3], ARGV[2], value)
    redis.call('HDEL', KEYS[4], ARGV[2])
  end
end

if ARGV[8] ~= '0' then
  redis.call('SET', KEYS[5], string.format('%.0f', offset), 'EX', ARGV[8])
end
redis.call('PUBLISH', ARGV[9], entry)
return { 0, epoch, offset }
