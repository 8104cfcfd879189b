-- Begins a new epoch of a channel, if it is still in the one named.
-- KEYS: head, log, items, gone   ARGV: 1 the epoch to leave, 2 the one to begin   Returns: 1 if it did
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  return 0
end
-- Offsets go on counting: an item's own offset stays below the channel's, whichever epoch it was written in.
local life = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'life', life)
redis.call('DEL', KEYS[2])
return 1
