/** Allocation of many small objects: perfect binary trees are built and counted. */
class Tree {
  left: Tree | null
  right: Tree | null

  constructor(left: Tree | null, right: Tree | null) {
    this.left = left
    this.right = right
  }

  count(): number {
    if (this.left === null || this.right === null) return 1
    return 1 + this.left.count() + this.right.count()
  }
}

function build(depth: number): Tree {
  return depth === 0 ? new Tree(null, null) : new Tree(build(depth - 1), build(depth - 1))
}

/** Counts the nodes of trees of growing depth up to n, many of the small ones. */
export function run(n: number): number {
  const long = build(n)
  let sum = 0
  for (let depth = 4; depth <= n; depth += 2) {
    const times = 2 ** (n - depth + 4)
    for (let i = 0; i < times; i++) sum += build(depth).count()
  }
  return sum + long.count()
}
