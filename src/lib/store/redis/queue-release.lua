-- Gives entries back. Entries that another process serves by now stay with that process.
-- KEYS: stream, lease. ARGV: own name, 1 when the caller holds no more entries, ids.

local ids = {}
for index = 3, #ARGV do ids[index - 2] = ARGV[index] end
local owner = redis.call('GET', KEYS[2])
if (not owner or owner == ARGV[1]) and grouped() then give_back(ids) end
if ARGV[2] == '1' then leave(ARGV[1]) end
return 1
