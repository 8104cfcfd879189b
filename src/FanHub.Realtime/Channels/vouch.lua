-- Makes sure that a channel's log is the one that offsets were given out from: it lives in the server that it was last vouched for under, or has all that the caller has
-- seen of it. Otherwise it begins a new epoch. A server has a new run_id each time it starts, so that a copy of its files never brings the present one back.
-- KEYS: head, log, items, gone
-- ARGV: 1 epoch ('' for none), 2 offset and 3 revision that the caller has seen, 4 the epoch to begin
-- Returns: 1 if it began a new epoch
local head = redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'revision', 'life')
if not head[1] then
  return 0
end
local life = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if head[4] == life then
  return 0
end
if head[1] == ARGV[1] and tonumber(head[2]) >= tonumber(ARGV[2]) and tonumber(head[3]) >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'life', life)
  return 0
end
-- As in fence.lua: the items stay, and offsets go on counting.
redis.call('HSET', KEYS[1], 'epoch', ARGV[4], 'life', life)
redis.call('DEL', KEYS[2])
return 1
