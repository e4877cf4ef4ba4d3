local function element(i, j)
  return 1 / (((i + j) * (i + j + 1)) / 2 + i + 1)
end

local function multiply(v, out, n)
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + element(i, j) * v[j] end
    out[i] = sum
  end
end

local function multiply_transposed(v, out, n)
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + element(j, i) * v[j] end
    out[i] = sum
  end
end

local function run(n)
  local u, v, t = {}, {}, {}
  for i = 0, n - 1 do u[i] = 1; v[i] = 0; t[i] = 0 end
  for _ = 1, 10 do
    multiply(u, t, n)
    multiply_transposed(t, v, n)
    multiply(v, t, n)
    multiply_transposed(t, u, n)
  end
  local vbv, vv = 0, 0
  for i = 0, n - 1 do
    vbv = vbv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return math.sqrt(vbv / vv)
end
return run
