-- Sends the requests of a file (BENCH_REQUESTS) in turn; prints the outcome as one line of JSON.
-- A line is: method, path, headers ("Name: value" joined by |), body, parted by tabs; @seq@ in a body becomes a rising number.
-- BENCH_ONCE=1 sends every line once and ends wrk when all are answered: its own end is the clock's alone. BENCH_EXPECT is the status that counts as good.

local expected = tonumber(os.getenv("BENCH_EXPECT") or "200")
local once = os.getenv("BENCH_ONCE") == "1"
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  unexpected, last_status, sequence, position = 0, 0, tonumber(os.getenv("BENCH_SEQUENCE") or "1"), 0
  reserved, answered = 0, 0
  lines = {}
  for line in io.lines(os.getenv("BENCH_REQUESTS")) do
    local method, path, heads, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = {}
    for name, value in heads:gmatch("([^:|]+): ([^|]*)") do headers[name] = value end
    local plain = not body:find("@seq@", 1, true)
    table.insert(lines, plain and wrk.format(method, path, headers, body ~= "" and body or nil)
      or { method = method, path = path, headers = headers, body = body })
  end
end

function request()
  position = position + 1
  if position > #lines then position = 1 end
  local line = lines[position]
  if type(line) == "string" then return line end
  sequence = sequence + 1
  return wrk.format(line.method, line.path, line.headers, (line.body:gsub("@seq@", tostring(sequence))))
end

if once then
  -- Asked before each request, also before a connection's first: one that finds no line left waits for the end.
  function delay()
    reserved = reserved + 1
    return reserved > #lines and 86400000 or 0
  end
end

function response(status)
  if status ~= expected then
    unexpected = unexpected + 1
    last_status = status
  end
  answered = answered + 1
  -- From behind, for os.execute lets its own process ignore the signal until the command is over.
  if once and answered == #lines then os.execute("(sleep 0.02; kill -INT $PPID) >/dev/null 2>&1 &") end
end

function done(summary, latency)
  local bad, status = 0, 0
  for _, thread in ipairs(threads) do
    bad = bad + thread:get("unexpected")
    if thread:get("last_status") ~= 0 then status = thread:get("last_status") end
  end
  local errors = summary.errors
  io.write(string.format(
    '\nBENCH {"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "unexpected": %d, "status": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad, status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
