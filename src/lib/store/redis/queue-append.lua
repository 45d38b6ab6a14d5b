-- Adds texts to the stream, all or none.
-- KEYS: stream. ARGV: limit, texts. Returns the length of the stream and the last id; or -1 when it would exceed the limit.

if redis.call('XLEN', KEYS[1]) + #ARGV - 1 > tonumber(ARGV[1]) then return { -1 } end
local last
for index = 2, #ARGV do last = redis.call('XADD', KEYS[1], '*', 'text', ARGV[index]) end
return { redis.call('XLEN', KEYS[1]), last }
