-- Shared part of the scripts of windows; it is put before each of them. ARGV[1] is the time in microseconds, or empty for the
-- time of Redis.
--
-- All times are whole microseconds, which a double holds exactly. They are those of Redis, so the clocks of the processes do
-- not matter.
--
-- A sliding window is a sorted set of the latest times at which the vendor counts its requests. A request is charged only
-- when it may leave at once, and afterwards its time never becomes earlier than the vendor's count. So all requests of any
-- window of the vendor stood in this window when the last of them was charged, and were never more than the limit.
--
-- A calendar period is a counter with a key of its own. Requests that wait for a window stand in its line: a sorted set in
-- the order of their arrival. A second set holds the times until which their places are kept.

-- Milliseconds that keys live longer than they can matter, for a late cancellation: a day.
local GRACE = 86400000
-- So near to the end of a period, in microseconds, the vendor's clock may be in the next one; as in the calendar window of one process.
local TURN = 2000000

local function text(number) return string.format('%.0f', number) end

local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- The score at a rank; nil where there is none.
local function start_at(key, rank)
  local score = redis.call('ZRANGE', key, rank, rank, 'WITHSCORES')[2]
  return score and tonumber(score)
end

local DAY = 86400000000

-- Days since 1970 of the first of the month that a day is in: the civil calendar, counted in years from March.
local function month_start(day)
  local shifted = day + 719468
  local era = math.floor(shifted / 146097)
  local in_era = shifted - era * 146097
  local year = math.floor((in_era - math.floor(in_era / 1460) + math.floor(in_era / 36524) - math.floor(in_era / 146096)) / 365)
  local in_year = in_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local month = math.floor((5 * in_year + 2) / 153)
  return day - (in_year - math.floor((153 * month + 2) / 5))
end

-- First moment of the day or month in UTC that a time is in, and the first after it.
local function period(kind, time)
  local day = math.floor(time / DAY)
  if kind == 'day' then return day * DAY, (day + 1) * DAY end
  local first = month_start(day)
  return first * DAY, month_start(first + 31) * DAY
end

-- First moments of the periods in which a vendor may count what leaves at a time: its own, and one that is near.
local function periods(kind, time)
  local starts = { (period(kind, time)) }
  for _, near in ipairs({ time - TURN, time + TURN }) do
    local start = (period(kind, near))
    if start ~= starts[1] then starts[2] = start end
  end
  return starts
end

local function counter(key, start)
  return key .. ':' .. text(start)
end

local function counted(key, start)
  return tonumber(redis.call('GET', counter(key, start)) or 0)
end

-- Keeps a key for as long as it matters.
local function keep(key, from, to)
  redis.call('PEXPIRE', key, text(math.max(0, to - from) / 1000 + GRACE))
end

-- Charges a sliding window, and deletes requests that no longer count.
local function charge(key, time, member, now, length)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', text(now - length))
  redis.call('ZADD', key, text(time), member)
  keep(key, now, start_at(key, -1) + length)
end

local function line_of(key) return key .. ':line' end
local function kept_of(key) return key .. ':kept' end

local function leave_line(key, member)
  redis.call('ZREM', line_of(key), member)
  redis.call('ZREM', kept_of(key), member)
end

local function used_at(key, time, length)
  return redis.call('ZCOUNT', key, '(' .. text(time - length), '+inf')
end
