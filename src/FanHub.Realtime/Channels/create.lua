-- Makes a channel exist, empty.
-- KEYS: head, log, items, gone   ARGV: 1 epoch   Returns: 1 if it is new
if redis.call('HEXISTS', KEYS[1], 'epoch') == 1 then
  return 0
end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
local life = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'offset', 0, 'revision', 0, 'life', life)
return 1
