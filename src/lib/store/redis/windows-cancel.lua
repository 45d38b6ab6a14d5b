-- Gives back a reservation.
-- KEYS: windows. ARGV: time of the reservation, member, 1 if it was charged, then length of each window.

for index, key in ipairs(KEYS) do
  local kind = ARGV[index + 3]
  if tonumber(kind) then
    redis.call('ZREM', key, ARGV[2])
    leave_line(key, ARGV[2])
  elseif ARGV[3] == '1' then
    for _, start in ipairs(periods(kind, clock())) do
      if counted(key, start) > 0 then redis.call('DECR', counter(key, start)) end
    end
  end
end
return 1
