import type { Expr, Func, Module, Stmt } from '../../../src/ir/index.ts'

/**
 * What to make of the parts of a body, each seen before what is inside it. An expression for which another is given is
 * not looked into; a list of statements is, as it was given.
 */
export type Rewrite = {
  readonly expr?: (expr: Expr) => Expr
  readonly stmts?: (list: readonly Stmt[]) => readonly Stmt[]
}

/** A module in which the bodies of functions are rewritten, in order. */
export function rewriteModule(module: Module, rewrite: Rewrite): Module {
  const on = (func: Func): Func => ({ ...func, body: rewriteBody(func.body, rewrite) })
  return { ...module, funcs: module.funcs.map(on) }
}

export function rewriteBody(body: readonly Stmt[], rewrite: Rewrite): readonly Stmt[] {
  const list = rewrite.stmts?.(body) ?? body
  return list.map((stmt) => rewriteStmt(stmt, rewrite))
}

function rewriteExpr(expr: Expr, rewrite: Rewrite): Expr {
  const other = rewrite.expr?.(expr) ?? expr
  if (other !== expr) return other
  const on = (inner: Expr): Expr => rewriteExpr(inner, rewrite)
  switch (expr.kind) {
    case 'const':
    case 'local':
      return expr
    case 'op':
    case 'call':
      return { ...expr, args: expr.args.map(on) }
    case 'invoke':
      return { ...expr, callee: on(expr.callee), args: expr.args.map(on) }
    case 'cond':
      return { ...expr, test: on(expr.test), then: on(expr.then), else: on(expr.else) }
    case 'seq':
      return { ...expr, body: rewriteBody(expr.body, rewrite), value: on(expr.value) }
  }
}

function rewriteStmt(stmt: Stmt, rewrite: Rewrite): Stmt {
  const on = (expr: Expr): Expr => rewriteExpr(expr, rewrite)
  const all = (body: readonly Stmt[]): readonly Stmt[] => rewriteBody(body, rewrite)
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
      const subject = on(stmt.subject)
      const cases = stmt.cases.map((c) => ({ ...(c.test && { test: on(c.test) }), body: all(c.body) }))
      return { ...stmt, subject, cases }
    }
    case 'break':
    case 'continue':
      return stmt
    case 'try': {
      const body = all(stmt.body)
      const caught = stmt.catch && { catch: { ...stmt.catch, body: all(stmt.catch.body) } }
      return { ...stmt, body, ...caught, ...(stmt.finally && { finally: all(stmt.finally) }) }
    }
  }
}
