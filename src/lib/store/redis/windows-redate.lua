-- Corrects the time of a request in each window that still holds it.
-- KEYS: sliding windows. ARGV: member, new time.

for index = 1, #KEYS do redis.call('ZADD', KEYS[index], 'XX', ARGV[2], ARGV[1]) end
return 1
