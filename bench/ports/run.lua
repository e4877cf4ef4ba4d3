-- luajit run.lua PROGRAM N ROUNDS: runs once to warm up, then prints a line per round: CPU ms and checksum.
local run = dofile(arg[1])
local n, rounds = tonumber(arg[2]), tonumber(arg[3])
run(n)
for _ = 1, rounds do
  local before = os.clock()
  local checksum = run(n)
  print(string.format("%.3f %.17g", (os.clock() - before) * 1000, checksum))
end
