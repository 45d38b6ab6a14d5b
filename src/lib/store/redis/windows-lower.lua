-- Charges a window for requests that only the vendor has seen.
-- KEYS: window. ARGV: time, member, limit, length, remaining.

-- In the first minute of a period the vendor may still report on the period before. Microseconds.
local ROLLOVER = 60000000

local now = clock()
local length = tonumber(ARGV[4])
local used = math.min(math.floor(tonumber(ARGV[3])), math.floor(tonumber(ARGV[3]) - tonumber(ARGV[5])))
if length then
  for missing = 1, used - used_at(KEYS[1], now, length) do
    charge(KEYS[1], now, ARGV[2] .. ':' .. missing, now, length)
  end
  return 1
end
local start, finish = period(ARGV[4], now)
if now - start < ROLLOVER or used <= counted(KEYS[1], start) then return 1 end
redis.call('SET', counter(KEYS[1], start), text(used))
keep(counter(KEYS[1], start), now, finish)
return 1
