-- Charges all windows of a request when each has room for it and for the requests before it in line. Else charges none, and
-- gives the request its place in the line of the window that opens last.
-- KEYS: pause, then each window. ARGV: time, member, microseconds until the request has left at the latest, 1 if it is
-- urgent, microseconds for which its place in line is kept, then limit, length and reserve of each window.
-- Returns microseconds to wait (0 when it was charged, -1 when a period is spent), the time, the number of the window that
-- causes the wait (0 for none), then what is used of each window.

-- Microseconds by which a request may ask later than it was told to, before others in the line go first.
local GRACE_IN_LINE = 250000
-- Urgent requests stand before all others in a line: this is more than any time, and exact in a double.
local FIRST = 4e15

local now = clock()
local member = ARGV[2]
local windows = {}
for index = 1, #KEYS - 1 do
  local at = index * 3 + 3
  windows[index] = {
    key = KEYS[index + 1],
    limit = math.floor(tonumber(ARGV[at])),
    kind = ARGV[at + 1],
    length = tonumber(ARGV[at + 1]),
    reserve = tonumber(ARGV[at + 2]),
  }
end

local joined = ARGV[4] == '1' and now - FIRST or now

-- Requests before it in line. Requests of the same moment are ordered by their names.
local function ahead(window)
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', kept_of(window.key), '-inf', '(' .. text(now))) do leave_line(window.key, gone) end
  return redis.call('ZRANK', line_of(window.key), member) or redis.call('ZCOUNT', line_of(window.key), '-inf', text(joined))
end

-- When a sliding window may have room: requests in it expire, and requests ahead in line take their places. A time later than
-- now is only the latest possible one.
local function opening(window)
  window.used = used_at(window.key, now, window.length)
  local excess = window.used + ahead(window) + 1 - window.limit
  if excess <= 0 then return now end
  local places = math.max(window.used, window.limit)
  local place = (excess - 1) % places
  local past = redis.call('ZCOUNT', window.key, '-inf', text(now - window.length))
  local start = place < window.used and math.min(start_at(window.key, past + place), now) or now
  return start + window.length * (1 + math.floor((excess - 1) / places))
end

local opens = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
local due = 0
local spent = 0
for index, window in ipairs(windows) do
  local at = now
  if window.length then
    if window.limit < 1 then spent = index else at = opening(window) end
  else
    window.starts = periods(window.kind, now)
    window.used = counted(window.key, window.starts[1])
    local most = window.limit - window.reserve
    if window.used + 1 > most then spent = index
    -- The vendor may still be in the period before.
    elseif window.starts[2] and counted(window.key, window.starts[2]) + 1 > most then at = window.starts[1] + TURN end
  end
  if at > opens then opens, due = at, index end
end

local granted = spent == 0 and opens == now
if spent == 0 and due > 0 and windows[due].length then
  local key = windows[due].key
  local kept = math.min(opens, now + tonumber(ARGV[5])) + GRACE_IN_LINE
  redis.call('ZADD', line_of(key), 'NX', text(joined), member)
  redis.call('ZADD', kept_of(key), text(kept), member)
  keep(line_of(key), now, kept)
  keep(kept_of(key), now, kept)
end

local answer = { spent > 0 and -1 or opens - now, text(now), spent > 0 and spent or due }
for index, window in ipairs(windows) do
  if granted and window.length then
    charge(window.key, now + tonumber(ARGV[3]), member, now, window.length)
    leave_line(window.key, member)
  elseif granted then
    for _, start in ipairs(window.starts) do
      redis.call('INCR', counter(window.key, start))
      local _, finish = period(window.kind, start)
      keep(counter(window.key, start), now, finish)
    end
  end
  answer[index + 3] = (window.used or 0) + (granted and 1 or 0)
end
return answer
