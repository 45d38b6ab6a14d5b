-- KEYS: stream, lease, done. Returns the number of entries, the id of the oldest, and the time of the newest delivered one.

local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
return { redis.call('XLEN', KEYS[1]), first and first[1] or '', redis.call('GET', KEYS[3]) or '0' }
