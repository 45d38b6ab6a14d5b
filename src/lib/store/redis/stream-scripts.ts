/**
 * The scripts of a queue. It is a stream with one consumer group. Each process is a consumer of it; what a process gave
 * back, or left behind when it died, belongs to the consumer `released` until it is taken again. As those entries were
 * all given before, they are older than what the group has not given yet: so order holds.
 *
 * A lease says which process serves the queue. It exists only while that process holds entries.
 */
import { script } from './connection'

/** Entries that a script moves at once; Lua has room for about 8,000 arguments. */
export const MOST = 1000

const SHARED = `
local GROUP = 'senders'
local RELEASED = 'released'

local function grouped()
  return redis.call('EXISTS', KEYS[1]) == 1 and #redis.call('XINFO', 'GROUPS', KEYS[1]) > 0
end

local function pending(consumer, count)
  local ids = {}
  for index, entry in ipairs(redis.call('XPENDING', KEYS[1], GROUP, '-', '+', count, consumer)) do ids[index] = entry[1] end
  return ids
end

local function give_back(ids)
  for _, id in ipairs(ids) do redis.call('XCLAIM', KEYS[1], GROUP, RELEASED, 0, id, 'JUSTID') end
end

local function give_back_all(consumer)
  local left = pending(consumer, ${MOST})
  while #left > 0 do
    give_back(left)
    left = pending(consumer, ${MOST})
  end
end

-- A consumer takes its pending entries along when it is deleted, so it must have none.
local function forget(consumer)
  if #pending(consumer, 1) == 0 then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], GROUP, consumer) end
end

local function leave(consumer)
  if redis.call('GET', KEYS[2]) == consumer then redis.call('DEL', KEYS[2]) end
  if grouped() then forget(consumer) end
end
`

/** KEYS: stream. ARGV: limit, the texts. Gives how many there are now, or -1 when they would be too many, and the last id. */
export const APPEND = script(`
if redis.call('XLEN', KEYS[1]) + #ARGV - 1 > tonumber(ARGV[1]) then return { -1 } end
local last
for index = 2, #ARGV do last = redis.call('XADD', KEYS[1], '*', 'text', ARGV[index]) end
return { redis.call('XLEN', KEYS[1]), last }`)

/**
 * KEYS: stream, lease. ARGV: own name, ms of the lease, how many, 1 to get the lease also without entries, 1 when the
 * caller holds nothing: what is its own all the same was given in an answer that never came.
 * Gives 1 and ids and texts in turn, or 0 while another process serves.
 */
export const TAKE = script(`${SHARED}
local own = ARGV[1]
local owner = redis.call('GET', KEYS[2])
if owner and owner ~= own then return { 0 } end
local answer = { 1 }
local function add(entries)
  for _, entry in ipairs(entries or {}) do
    if entry then
      answer[#answer + 1] = entry[1]
      answer[#answer + 1] = entry[2][2]
    end
  end
end

if redis.call('EXISTS', KEYS[1]) == 1 then
  if not grouped() then redis.call('XGROUP', 'CREATE', KEYS[1], GROUP, '0') end
  if ARGV[5] == '1' then give_back_all(own) end
  if not owner then
    -- Nobody serves, so what others hold was left behind.
    for _, consumer in ipairs(redis.call('XPENDING', KEYS[1], GROUP)[4] or {}) do
      local name = consumer[1]
      if name ~= own and name ~= RELEASED then
        give_back_all(name)
        forget(name)
      end
    end
  end
  local count = tonumber(ARGV[3])
  local released = pending(RELEASED, count)
  if #released > 0 then add(redis.call('XCLAIM', KEYS[1], GROUP, own, 0, unpack(released))) end
  if #released < count then
    local fresh = redis.call('XREADGROUP', 'GROUP', GROUP, own, 'COUNT', count - #released, 'STREAMS', KEYS[1], '>')
    if fresh then add(fresh[1][2]) end
  end
end
if owner or #answer > 1 or ARGV[4] == '1' then redis.call('SET', KEYS[2], own, 'PX', ARGV[2]) end
return answer`)

/**
 * KEYS: stream, lease, done. ARGV: own name, 1 when nothing is held any more, the ids. The moment of the newest is kept, so
 * that other processes can tell what was done from what Redis has lost.
 */
export const DONE = script(`${SHARED}
local ids = {}
for index = 3, #ARGV do ids[index - 2] = ARGV[index] end
if #ids > 0 and grouped() then
  redis.call('XACK', KEYS[1], GROUP, unpack(ids))
  redis.call('XDEL', KEYS[1], unpack(ids))
end
for _, id in ipairs(ids) do
  local moment = string.match(id, '^%d+')
  if tonumber(moment) > tonumber(redis.call('GET', KEYS[3]) or 0) then redis.call('SET', KEYS[3], moment) end
end
if ARGV[2] == '1' then leave(ARGV[1]) end`)

/** KEYS: stream, lease. ARGV: own name, 1 when nothing is held any more, the ids. What another process serves by now stays with it. */
export const RELEASE = script(`${SHARED}
local ids = {}
for index = 3, #ARGV do ids[index - 2] = ARGV[index] end
local owner = redis.call('GET', KEYS[2])
if (not owner or owner == ARGV[1]) and grouped() then give_back(ids) end
if ARGV[2] == '1' then leave(ARGV[1]) end`)

/** KEYS: stream, lease. ARGV: own name, ms. An expired lease that nobody has taken is taken again. */
export const RENEW = script(`
local owner = redis.call('GET', KEYS[2])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return 1`)

/** KEYS: stream, lease. Gives how many there were. */
export const CLEAR = script(`${SHARED}
local depth = redis.call('XLEN', KEYS[1])
if grouped() then redis.call('XGROUP', 'DESTROY', KEYS[1], GROUP) end
redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
redis.call('DEL', KEYS[2])
return depth`)

/** KEYS: stream, lease, done. Gives how many there are, the id of the oldest, and the moment of the newest that is done. */
export const STATE = script(`
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
return { redis.call('XLEN', KEYS[1]), first and first[1] or '', redis.call('GET', KEYS[3]) or '0' }`)
