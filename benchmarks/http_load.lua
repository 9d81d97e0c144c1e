-- wrk's script: asks for lines of a file, each as likely as any other, and prints one JSON object.
-- Arguments: FILE (lines of one width), PREFIX before a line in the path, then whole header lines;
-- one that begins with "1% " goes with one request in a hundred.
local lines, width, count, head, tail, rare_tail

function init(args)
  local file = assert(io.open(args[1], "rb"))
  lines = file:read("*a")
  file:close()
  width = assert(lines:find("\n", 1, true))
  count = math.floor(#lines / width)
  head = "GET " .. args[2]
  tail = " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n"
  rare_tail = nil
  local rare = ""
  for number = 3, #args do
    local line, is_rare = args[number]:gsub("^1%% ", "")
    if is_rare == 1 then rare = rare .. line .. "\r\n" else tail = tail .. line .. "\r\n" end
  end
  if rare ~= "" then rare_tail = tail .. rare .. "\r\n" end
  tail = tail .. "\r\n"
  math.randomseed(os.time())
end

function request()
  local first = math.random(0, count - 1) * width
  local ends = tail
  if rare_tail and math.random(100) == 1 then ends = rare_tail end
  return head .. lines:sub(first + 1, first + width - 1) .. ends
end

function done(summary, latency)
  local errors = summary.errors
  local faults = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "errors": %d, "p50": %.3f, "p99": %.3f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, faults,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
