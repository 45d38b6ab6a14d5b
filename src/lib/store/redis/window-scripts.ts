/**
 * The scripts that charge windows. All times are whole microseconds, which a double holds exactly, and are Redis' own,
 * so that the clocks of the processes do not matter.
 *
 * A sliding window is a sorted set of the moments at which the vendor counts its requests at the latest, a calendar
 * period a counter of its own key, and a lane the starts that its requests still have before them.
 */
import { script } from './connection'

/** Keys live this much longer than they can matter, for a `cancel` that comes late: a day. */
const GRACE = 86_400_000

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

local function counter(key, kind, time)
  return key .. ':' .. text((period(kind, time)))
end

-- Keeps a key for as long as what it says of a time matters.
local function keep(key, from, to)
  redis.call('PEXPIRE', key, text(math.max(0, to - from) / 1000 + ${GRACE}))
end

-- Charges a sliding window, and forgets what no process can count any more: their margins differ a little.
local function charge(key, time, member, now, length)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', text(now - 2 * length))
  redis.call('ZADD', key, text(time), member)
  keep(key, now, start_at(key, -1) + length)
end

local function used_at(key, time, length, late)
  return redis.call('ZCOUNT', key, '(' .. text(time - length), text(time + late))
end
`

/**
 * KEYS: pause, lane, one for each window. ARGV: time, member, then limit, length, reserve and lateness of each window.
 *
 * Gives microseconds to wait, -1 when a period is spent; the start; the number of the window it is due to, 0 for none;
 * then what is used of each.
 *
 * A start at t would be one too many where `limit` others lie within one length of each other and of t. Such runs are
 * walked over from the oldest that reaches to t, each step to the first moment at which that run does not object. A
 * vendor may count both t later, and those that are reserved behind it earlier, by the lateness.
 */
export const RESERVE = script(`${SHARED}
local function room(key, limit, length, late, time)
  while true do
    local rank = redis.call('ZCOUNT', key, '-inf', text(time - length))
    local last = start_at(key, rank + limit - 1)
    if not last or last - length - 2 * late >= time then return time end
    time = start_at(key, rank) + length
  end
end

local now = clock()
local windows = {}
for index = 1, #KEYS - 2 do
  local at = index * 4 - 1
  windows[index] = {
    key = KEYS[index + 2],
    limit = math.floor(tonumber(ARGV[at])),
    kind = ARGV[at + 1],
    length = tonumber(ARGV[at + 1]),
    reserve = tonumber(ARGV[at + 2]),
    late = tonumber(ARGV[at + 3]),
  }
end

local start = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0), start_at(KEYS[2], -1) or 0)
local spent = 0
local before
repeat
  before = start
  for index, window in ipairs(windows) do
    if window.length and window.limit < 1 then spent = index
    elseif window.length then start = room(window.key, window.limit, window.length, window.late, start) end
  end
until start == before or spent > 0

local function used(window)
  if window.length then return used_at(window.key, start, window.length, window.late) end
  return tonumber(redis.call('GET', counter(window.key, window.kind, start)) or 0)
end

for index, window in ipairs(windows) do
  if not window.length and used(window) + 1 > window.limit - window.reserve then spent = index end
end
local answer = { -1, text(start), spent }
if spent == 0 then
  for index, window in ipairs(windows) do
    if window.length then charge(window.key, start + window.late, ARGV[2], now, window.length)
    else
      local key = counter(window.key, window.kind, start)
      redis.call('INCR', key)
      local _, finish = period(window.kind, start)
      keep(key, now, finish)
    end
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now))
  redis.call('ZADD', KEYS[2], text(start), ARGV[2])
  keep(KEYS[2], now, start)
  answer[1] = start - now
end

local fullest = 0
for index, window in ipairs(windows) do
  local count = used(window)
  answer[index + 3] = count
  if spent == 0 and start > now and window.length and count / window.limit > fullest then
    fullest = count / window.limit
    answer[3] = index
  end
end
return answer`)

/** KEYS: lane, one for each window. ARGV: time (not used), member, start, then length of each window. */
export const CANCEL = script(`${SHARED}
redis.call('ZREM', KEYS[1], ARGV[2])
for index = 2, #KEYS do
  local kind = ARGV[index + 2]
  if tonumber(kind) then redis.call('ZREM', KEYS[index], ARGV[2])
  else
    local key = counter(KEYS[index], kind, tonumber(ARGV[3]))
    if tonumber(redis.call('GET', key) or 0) > 0 then redis.call('DECR', key) end
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

/** KEYS: window. ARGV: time, member, limit, length, remaining, lateness. */
export const LOWER = script(`${SHARED}
local now = clock()
local length = tonumber(ARGV[4])
local used = math.min(math.floor(tonumber(ARGV[3])), math.floor(tonumber(ARGV[3]) - tonumber(ARGV[5])))
if length then
  for missing = 1, used - used_at(KEYS[1], now, length, tonumber(ARGV[6])) do
    charge(KEYS[1], now, ARGV[2] .. ':' .. missing, now, length)
  end
  return
end
local start, finish = period(ARGV[4], now)
local key = counter(KEYS[1], ARGV[4], now)
if now - start < ${ROLLOVER} or used <= tonumber(redis.call('GET', key) or 0) then return end
redis.call('SET', key, text(used))
keep(key, now, finish)`)
