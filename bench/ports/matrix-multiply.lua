local function make(n, seed)
  local rows = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[j] = (seed * (i - j) * (i + j)) / n end
    rows[i] = row
  end
  return rows
end

local function multiply(a, b, n)
  local out = {}
  for i = 0, n - 1 do
    local row, result = a[i], {}
    for j = 0, n - 1 do
      local sum = 0
      for k = 0, n - 1 do sum = sum + row[k] * b[k][j] end
      result[j] = sum
    end
    out[i] = result
  end
  return out
end

local function run(n)
  local c = multiply(make(n, 1 / n), make(n, 2 / n), n)
  local trace = 0
  for i = 0, n - 1 do trace = trace + c[i][i] end
  return trace
end
return run
