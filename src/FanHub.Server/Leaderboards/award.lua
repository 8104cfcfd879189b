-- Notes a chunk of point changes on a leaderboard, once, where the pages that it changes are still as they were read.
--
-- KEYS[1] the head (hash): revision, which grows with every page that is written, and checksum, the sum of all pages' tags, modulo 2^32
-- KEYS[2] the pages (hash): page number to page, the first 4 bytes of which are its tag
-- KEYS[3] the changes (sorted set): the member is a page number, the score the revision that the page was last written at
-- KEYS[4] the versions of the source's chunks (hash)
-- KEYS[5] the sources (set)
-- ARGV[1] the source
-- ARGV[2] the chunk
-- ARGV[3] the version of it that is expected
-- ARGV[4] the version that the changes lead to
-- ARGV[5..] for each page that changes: its number, the tag that it was read with (empty: it was not there), the page as it is to be
--
-- Returns 1 and the new version; or 0 and the version that is there instead; or 2 where somebody else has written a page. Only with 1 has anything changed.
local call, sub, number = redis.call, string.sub, struct.unpack
local head, pages = KEYS[1], KEYS[2]

local version = call('HGET', KEYS[4], ARGV[2]) or '0'
if version ~= ARGV[3] then return { 0, version } end

local difference = 0
for i = 5, #ARGV, 3 do
  local held = call('HGET', pages, ARGV[i])
  local tag = held and sub(held, 1, 4) or ''
  if tag ~= ARGV[i + 1] then return { 2, version } end
  difference = difference + number('>I4', ARGV[i + 2]) - (held and number('>I4', tag) or 0)
end

if #ARGV > 4 then
  local held = call('HMGET', head, 'revision', 'checksum')
  local revision, checksum = tonumber(held[1] or 0), tonumber(held[2] or 0)
  call('HSET', head, 'revision', string.format('%.0f', revision + (#ARGV - 4) / 3), 'checksum', string.format('%.0f', (checksum + difference) % 4294967296))
  for i = 5, #ARGV, 3 do
    revision = revision + 1
    call('HSET', pages, ARGV[i], ARGV[i + 2])
    call('ZADD', KEYS[3], revision, ARGV[i])
  end
end

call('HSET', KEYS[4], ARGV[2], ARGV[4])
call('SADD', KEYS[5], ARGV[1])
return { 1, ARGV[4] }
