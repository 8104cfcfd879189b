-- Seals a ballot box and returns all fields of it: the count that stands.
--
-- KEYS[1] the box (hash)
-- ARGV[1] the channel, kept where none is known yet
redis.call('HSETNX', KEYS[1], 'channel', ARGV[1])
redis.call('HSETNX', KEYS[1], 'sealed', '1')
return redis.call('HGETALL', KEYS[1])
