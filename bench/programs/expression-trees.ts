/** Derives, simplifies and evaluates n small expressions: unions of records and switches over all of their kinds. */
type Expr =
  | { readonly kind: 'num'; readonly value: number }
  | { readonly kind: 'var'; readonly name: string }
  | { readonly kind: 'add'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'mul'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'neg'; readonly arg: Expr }

const num = (value: number): Expr => ({ kind: 'num', value })
const add = (left: Expr, right: Expr): Expr => ({ kind: 'add', left, right })
const mul = (left: Expr, right: Expr): Expr => ({ kind: 'mul', left, right })

function derive(e: Expr, name: string): Expr {
  switch (e.kind) {
    case 'num':
      return num(0)
    case 'var':
      return num(e.name === name ? 1 : 0)
    case 'add':
      return add(derive(e.left, name), derive(e.right, name))
    case 'mul':
      return add(mul(derive(e.left, name), e.right), mul(e.left, derive(e.right, name)))
    case 'neg':
      return { kind: 'neg', arg: derive(e.arg, name) }
  }
}

function simplify(e: Expr): Expr {
  switch (e.kind) {
    case 'add': {
      const [left, right] = [simplify(e.left), simplify(e.right)]
      if (left.kind === 'num' && left.value === 0) return right
      if (right.kind === 'num' && right.value === 0) return left
      return left.kind === 'num' && right.kind === 'num' ? num(left.value + right.value) : add(left, right)
    }
    case 'mul': {
      const [left, right] = [simplify(e.left), simplify(e.right)]
      if (left.kind === 'num' && left.value === 0) return left
      if (right.kind === 'num' && right.value === 0) return right
      if (left.kind === 'num' && left.value === 1) return right
      return right.kind === 'num' && right.value === 1 ? left : mul(left, right)
    }
    case 'neg':
      return { kind: 'neg', arg: simplify(e.arg) }
    default:
      return e
  }
}

function evaluate(e: Expr, env: ReadonlyMap<string, number>): number {
  switch (e.kind) {
    case 'num':
      return e.value
    case 'var':
      return env.get(e.name) ?? 0
    case 'add':
      return evaluate(e.left, env) + evaluate(e.right, env)
    case 'mul':
      return evaluate(e.left, env) * evaluate(e.right, env)
    case 'neg':
      return -evaluate(e.arg, env)
  }
}

function polynomial(seed: number): Expr {
  let e: Expr = num(seed % 7)
  for (let i = 0; i < 5; i++) {
    const factor: Expr =
      (seed + i) % 3 === 0 ? { kind: 'neg', arg: { kind: 'var', name: 'y' } } : { kind: 'var', name: 'x' }
    e = add(mul(e, factor), num((seed * (i + 1)) % 5))
  }
  return e
}

export function run(n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    const env = new Map([
      ['x', (i % 10) / 4],
      ['y', (i % 6) / 2],
    ])
    sum += evaluate(simplify(derive(polynomial(i), 'x')), env) % 1000
  }
  return sum
}
