local function run(n)
  local sum = 0
  for y = 0, n - 1 do
    local ci = (2 * y) / n - 1
    for x = 0, n - 1 do
      local cr = (2 * x) / n - 1.5
      local zr, zi, rounds = 0, 0, 0
      while rounds < 50 and zr * zr + zi * zi <= 4 do
        local t = zr * zr - zi * zi + cr
        zi = 2 * zr * zi + ci
        zr = t
        rounds = rounds + 1
      end
      if rounds == 50 then sum = (sum * 31 + x + y * n) % 1000003 end
    end
  end
  return sum
end
return run
