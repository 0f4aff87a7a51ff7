-- Sends the lines of a file in turn as GraphQL requests and prints the figures as one line of JSON.
-- Called as: wrk --script requests.lua URL -- FILE

local requests = {}
local sent = 0

function init(arguments)
   for body in io.lines(arguments[1]) do
      requests[#requests + 1] = wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
   end
end

function request()
   sent = sent % #requests + 1
   return requests[sent]
end

function done(summary, latency, _)
   local errors = summary.errors
   io.write(string.format(
      'callboard-bench {"requests":%d,"duration_us":%d,"p50_us":%.1f,"p99_us":%.1f,"socket_errors":%d,"status_errors":%d}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
      errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
