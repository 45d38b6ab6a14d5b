-- Lets no request of the account start for a while.
-- KEYS: pause. ARGV: time, microseconds.

local now = clock()
local till = math.max(now + tonumber(ARGV[2]), tonumber(redis.call('GET', KEYS[1]) or 0))
redis.call('SET', KEYS[1], text(till))
keep(KEYS[1], now, till)
return 1
