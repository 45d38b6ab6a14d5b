/**
 * The scripts that charge windows. All times are whole microseconds, which a double holds exactly, and are Redis' own,
 * so that the clocks of the processes do not matter.
 *
 * A sliding window is a sorted set of the moments at which the vendor counts its requests at the latest. A request is
 * charged only when it may leave at once, and from then on it never stands earlier than it is counted. So those of any
 * vendor's window all stood in ours when the last of them was charged, and there were never more than the limit.
 *
 * A calendar period is a counter of its own key. Those that wait for a window stand in its line, a sorted set in the
 * order in which they came; another one has the moments until which their places are kept.
 */
import { ASK_AGAIN } from '../store'
import { script } from './connection'

/** Keys live this much longer than they can matter, for a `cancel` that comes late: a day. */
const GRACE = 86_400_000

/** Microseconds by which a request may ask later than it was told, before others of the line go first. */
const GRACE_IN_LINE = 250_000

/** What goes first stands before all that does not, whenever they came: more than all times, and exact in a double. */
const FIRST = 4e15

/** So near to the end of a period, in microseconds, the vendor's clock may be on the other side of it; as in `CalendarCounter`. */
const TURN = 2_000_000

/** ARGV[1] is the time in microseconds, or empty for that of Redis. */
const SHARED = `
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
  for _, near in ipairs({ time - ${TURN}, time + ${TURN} }) do
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

-- Keeps a key for as long as what it says of a time matters.
local function keep(key, from, to)
  redis.call('PEXPIRE', key, text(math.max(0, to - from) / 1000 + ${GRACE}))
end

-- Charges a sliding window, and forgets what counts no more.
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
`

/**
 * KEYS: pause, then each window. ARGV: time, member, microseconds until it has left at the latest, 1 if it goes first,
 * then limit, length and reserve of each window.
 *
 * Charges all windows if each has room for it and for those before it in its line; else charges none, and gives it its
 * place in the line of the window that opens last. Gives microseconds to wait, 0 when it was charged, -1 when a period
 * is spent; the time; the number of the window it is due to, 0 for none; then what is used of each.
 */
export const RESERVE = script(`${SHARED}
local now = clock()
local member = ARGV[2]
local windows = {}
for index = 1, #KEYS - 1 do
  local at = index * 3 + 2
  windows[index] = {
    key = KEYS[index + 1],
    limit = math.floor(tonumber(ARGV[at])),
    kind = ARGV[at + 1],
    length = tonumber(ARGV[at + 1]),
    reserve = tonumber(ARGV[at + 2]),
  }
end

local joined = ARGV[4] == '1' and now - ${FIRST} or now

-- Those that go before it: of those that came at once, by their names.
local function ahead(window)
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', kept_of(window.key), '-inf', '(' .. text(now))) do leave_line(window.key, gone) end
  return redis.call('ZRANK', line_of(window.key), member) or redis.call('ZCOUNT', line_of(window.key), '-inf', text(joined))
end

-- When there may be room in a sliding window, as those in it expire and those ahead take their places. What stands later
-- than now is only feared to be counted so late.
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
    elseif window.starts[2] and counted(window.key, window.starts[2]) + 1 > most then at = window.starts[1] + ${TURN} end
  end
  if at > opens then opens, due = at, index end
end

local granted = spent == 0 and opens == now
if spent == 0 and due > 0 and windows[due].length then
  local key = windows[due].key
  local kept = math.min(opens, now + ${ASK_AGAIN * 1000}) + ${GRACE_IN_LINE}
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
return answer`)

/** KEYS: windows. ARGV: time at which it was asked for, member, 1 if it was charged, then length of each window. */
export const CANCEL = script(`${SHARED}
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
end`)

/** KEYS: sliding windows. ARGV: member, its new moment. Does nothing where it is no longer in the window. */
export const REDATE = script(`
for index = 1, #KEYS do redis.call('ZADD', KEYS[index], 'XX', ARGV[2], ARGV[1]) end`)

/** KEYS: pause. ARGV: time, microseconds. */
export const PAUSE = script(`${SHARED}
local now = clock()
local till = math.max(now + tonumber(ARGV[2]), tonumber(redis.call('GET', KEYS[1]) or 0))
redis.call('SET', KEYS[1], text(till))
keep(KEYS[1], now, till)`)

/** What a vendor says in the first minute of a period may still be about the one before. */
const ROLLOVER = 60_000_000

/** KEYS: window. ARGV: time, member, limit, length, remaining. */
export const LOWER = script(`${SHARED}
local now = clock()
local length = tonumber(ARGV[4])
local used = math.min(math.floor(tonumber(ARGV[3])), math.floor(tonumber(ARGV[3]) - tonumber(ARGV[5])))
if length then
  for missing = 1, used - used_at(KEYS[1], now, length) do
    charge(KEYS[1], now, ARGV[2] .. ':' .. missing, now, length)
  end
  return
end
local start, finish = period(ARGV[4], now)
if now - start < ${ROLLOVER} or used <= counted(KEYS[1], start) then return end
redis.call('SET', counter(KEYS[1], start), text(used))
keep(counter(KEYS[1], start), now, finish)`)
