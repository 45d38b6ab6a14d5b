-- Shared part of the scripts of a queue; it is put before each of them.
--
-- The queue is a stream with one consumer group. Each process is a consumer of the group. Entries that a process gave back,
-- or left behind when it died, belong to the consumer `released` until they are taken again. They are older than all entries
-- that the group has not delivered yet, so order holds.
--
-- A lease says which process serves the queue. It exists only while that process holds entries.

-- Entries that are moved at once: Lua has room for about 8,000 arguments. The same number stands in entry-stream.ts.
local MOST = 1000
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
  local left = pending(consumer, MOST)
  while #left > 0 do
    give_back(left)
    left = pending(consumer, MOST)
  end
end

-- Deleting a consumer deletes its pending entries, so it must have none.
local function forget(consumer)
  if #pending(consumer, 1) == 0 then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], GROUP, consumer) end
end

local function leave(consumer)
  if redis.call('GET', KEYS[2]) == consumer then redis.call('DEL', KEYS[2]) end
  if grouped() then forget(consumer) end
end
