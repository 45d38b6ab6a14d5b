-- Deletes delivered entries, and keeps the time of the newest: with it other processes tell delivered entries from entries
-- that Redis has lost.
-- KEYS: stream, lease, done. ARGV: own name, 1 when the caller holds no more entries, ids.

local ids = {}
for index = 3, #ARGV do ids[index - 2] = ARGV[index] end
if #ids > 0 and grouped() then
  redis.call('XACK', KEYS[1], GROUP, unpack(ids))
  redis.call('XDEL', KEYS[1], unpack(ids))
end
for _, id in ipairs(ids) do
  local moment = string.match(id, '^%d+')
  if tonumber(moment) > tonumber(redis.call('GET', KEYS[3]) or 0) then redis.call('SET', KEYS[3], moment) end
end
if ARGV[2] == '1' then leave(ARGV[1]) end
return 1
