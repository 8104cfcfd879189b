-- Where channels stand. One answer to one question: asked for one by one, thousands of channels would keep a node busy.
-- KEYS: heads
-- Returns: for each, epoch, offset and revision; nil three times where there is no such channel
local heads = {}
for i, key in ipairs(KEYS) do
  heads[i] = redis.call('HMGET', key, 'epoch', 'offset', 'revision')
end
return heads
