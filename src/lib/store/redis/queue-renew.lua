-- Renews the lease. Takes an expired lease again when no other process has taken it.
-- KEYS: stream, lease. ARGV: own name, ms. Returns 0 when another process has the lease.

local owner = redis.call('GET', KEYS[2])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return 1
