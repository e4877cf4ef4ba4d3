import type { Expr, Func, Stmt } from './module.ts'

/** A statement or an expression; their kinds do not overlap. */
export type Node = Expr | Stmt

/** Fails to compile where a kind of node was forgotten, and to run where a module was never checked. */
export function assertNever(node: never): never {
  throw new Error(`unknown node ${JSON.stringify(node)}`)
}

/** Whether a node is an expression. */
export function isExpr(node: Node): node is Expr {
  return 'type' in node
}

/** The nodes directly inside a node, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'const':
    case 'local':
    case 'break':
    case 'continue':
      return []
    case 'op':
    case 'call':
      return node.args
    case 'invoke':
      return [node.callee, ...node.args]
    case 'cond':
      return [node.test, node.then, node.else]
    case 'seq':
      return [...node.body, node.value]
    case 'expr':
      return [node.expr]
    case 'set':
    case 'return':
    case 'throw':
      return [node.value]
    case 'if':
      return [node.test, ...node.then, ...node.else]
    case 'block':
      return node.body
    case 'loop':
      return [...(node.test ? [node.test] : []), ...node.body, ...node.update]
    case 'switch':
      return [node.subject, ...node.cases.flatMap((c) => [...(c.test ? [c.test] : []), ...c.body])]
    case 'try':
      return [...node.body, ...(node.catch?.body ?? []), ...(node.finally ?? [])]
    default:
      return assertNever(node)
  }
}

/** Every node of a body, each before what is inside it, in the order of the text. Does not recurse. */
export function* eachNode(body: readonly Node[]): Generator<Node> {
  const left = [...body].reverse()
  for (let node = left.pop(); node; node = left.pop()) {
    yield node
    const children = childrenOf(node)
    for (let i = children.length - 1; i >= 0; i--) left.push(children[i]!)
  }
}

const NODES = new WeakMap<Func, readonly Node[]>()

/** Every node of a function in the order of {@link eachNode}, listed once: for what goes through all functions of a module. */
export function nodesOf(func: Func): readonly Node[] {
  let nodes = NODES.get(func)
  if (!nodes) NODES.set(func, (nodes = [...eachNode(func.body)]))
  return nodes
}

/** Every expression of a body, each before its operands. */
export function* eachExpr(body: readonly Node[]): Generator<Expr> {
  for (const node of eachNode(body)) if (isExpr(node)) yield node
}

/** Every statement of a body, each before what is inside it. */
export function* eachStmt(body: readonly Node[]): Generator<Stmt> {
  for (const node of eachNode(body)) if (!isExpr(node)) yield node
}

/** A copy of `body` in which every expression, its operands already mapped, is what `map` makes of it. */
export function mapExprs(body: readonly Stmt[], map: (expr: Expr) => Expr): Stmt[] {
  return body.map((stmt) => mapStmt(stmt, map))
}

/** {@link mapExprs} for a single expression: operands first, then the expression itself. */
function mapExpr(expr: Expr, map: (expr: Expr) => Expr): Expr {
  const on = (e: Expr): Expr => mapExpr(e, map)
  switch (expr.kind) {
    case 'const':
    case 'local':
      return map(expr)
    case 'op':
    case 'call':
      return map({ ...expr, args: expr.args.map(on) })
    case 'invoke':
      return map({ ...expr, callee: on(expr.callee), args: expr.args.map(on) })
    case 'cond':
      return map({ ...expr, test: on(expr.test), then: on(expr.then), else: on(expr.else) })
    case 'seq':
      return map({ ...expr, body: mapExprs(expr.body, map), value: on(expr.value) })
    default:
      return assertNever(expr)
  }
}

function mapStmt(stmt: Stmt, map: (expr: Expr) => Expr): Stmt {
  const on = (e: Expr): Expr => mapExpr(e, map)
  const all = (body: readonly Stmt[]): Stmt[] => mapExprs(body, map)
  switch (stmt.kind) {
    case 'expr':
      return { ...stmt, expr: on(stmt.expr) }
    case 'set':
    case 'return':
    case 'throw':
      return { ...stmt, value: on(stmt.value) }
    case 'if':
      return { ...stmt, test: on(stmt.test), then: all(stmt.then), else: all(stmt.else) }
    case 'block':
      return { ...stmt, body: all(stmt.body) }
    case 'loop':
      return { ...stmt, ...(stmt.test && { test: on(stmt.test) }), body: all(stmt.body), update: all(stmt.update) }
    case 'switch': {
      const cases = stmt.cases.map((c) => ({ ...(c.test && { test: on(c.test) }), body: all(c.body) }))
      return { ...stmt, subject: on(stmt.subject), cases }
    }
    case 'break':
    case 'continue':
      return stmt
    case 'try':
      return {
        ...stmt,
        body: all(stmt.body),
        ...(stmt.catch && { catch: { ...stmt.catch, body: all(stmt.catch.body) } }),
        ...(stmt.finally && { finally: all(stmt.finally) }),
      }
    default:
      return assertNever(stmt)
  }
}

/** What stands for another expression stands for its place as well, unless it has one of its own. spec: module */
export function inPlaceOf(e: Expr, made: Expr): Expr {
  return made.span.file < 0 && e.span.file >= 0 ? { ...made, span: e.span } : made
}
