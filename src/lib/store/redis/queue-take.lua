-- Gives the oldest entries to the caller, which becomes the process that serves the queue.
-- KEYS: stream, lease. ARGV: own name, ms of the lease, most entries, 1 to take the lease even without entries, 1 when the
-- caller holds no entries (entries in its name were then given in a reply that got lost).
-- Returns 1 followed by ids and texts in turn, or 0 while another process serves the queue.

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
    -- Nobody serves the queue, so entries in the name of other processes were left behind.
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
return answer
