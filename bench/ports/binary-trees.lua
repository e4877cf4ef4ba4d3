local function build(depth)
  if depth == 0 then return {} end
  return { left = build(depth - 1), right = build(depth - 1) }
end

local function count(tree)
  if not tree.left then return 1 end
  return 1 + count(tree.left) + count(tree.right)
end

local function run(n)
  local long = build(n)
  local sum = 0
  for depth = 4, n, 2 do
    for _ = 1, 2 ^ (n - depth + 4) do sum = sum + count(build(depth)) end
  end
  return sum + count(long)
end
return run
