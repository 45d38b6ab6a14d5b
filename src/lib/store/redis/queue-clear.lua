-- Deletes all entries.
-- KEYS: stream, lease. Returns how many there were.

local depth = redis.call('XLEN', KEYS[1])
if grouped() then redis.call('XGROUP', 'DESTROY', KEYS[1], GROUP) end
redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
redis.call('DEL', KEYS[2])
return depth
