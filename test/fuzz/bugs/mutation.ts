import {
  mapExprs,
  type Constant,
  type Expr,
  type Func,
  type Immediate,
  type Local,
  type Module,
  type OpName,
  type Stmt,
  type Type,
} from '../../../src/ir/index.ts'
import type { Quirks } from '../../ir/reference.ts'
import { rewriteBody } from '../shrink/rewrite.ts'

/**
 * A defect that a lowering could have. A wrong lowering of an operation does what a right lowering of another program
 * does, so a defect is a change of the module that one engine is given; what no module can express, wrong
 * charges, is a quirk of the reference.
 */
export type SeededBug = {
  readonly name: string
  readonly area:
    | 'numbers'
    | 'strings'
    | 'arrays'
    | 'objects'
    | 'closures'
    | 'control'
    | 'exceptions'
    | 'charges'
    | 'stacks'
  readonly mutate?: Mutate
  readonly quirks?: Quirks
}

export type Mutate = (module: Module) => Module

export type OpExpr = Extract<Expr, { kind: 'op' }>
/** What becomes of a node; the same node where the defect does not show. */
export type ExprChange = (expr: Expr, func: FuncSite) => Expr
export type StmtChange = (stmt: Stmt, func: FuncSite) => readonly Stmt[]

/** A function that is changed: it can be given locals and labels of its own. */
export type FuncSite = { readonly module: Module; readonly func: Func; local(type: Type): number; label(): number }

const LABEL_FIRST = 1_000_000

/** A module in which every expression, its operands first, and then every statement is changed; the same one where nothing is. */
export function changeModule(module: Module, onExpr: ExprChange | undefined, onStmt?: StmtChange): Module {
  let isChanged = false
  const funcs = module.funcs.map((func): Func => {
    const added: Local[] = []
    let labels = LABEL_FIRST
    const given = func.params.length + func.captures.length + func.locals.length
    const site: FuncSite = {
      module,
      func,
      local: (type) => given + added.push({ name: 'added', type }) - 1,
      label: () => labels++,
    }
    let body: readonly Stmt[] = func.body
    if (onExpr)
      body = mapExprs(body, (expr) => {
        const changed = onExpr(expr, site)
        isChanged ||= changed !== expr
        return changed
      })
    if (onStmt) body = changeStmts(body, onStmt, site, () => (isChanged = true))
    return { ...func, body, locals: [...func.locals, ...added] }
  })
  return isChanged ? { ...module, funcs } : module
}

function changeStmts(body: readonly Stmt[], change: StmtChange, site: FuncSite, note: () => void): readonly Stmt[] {
  // What is put around a statement holds it again.
  const done = new Set<Stmt>()
  return rewriteBody(body, {
    stmts: (list) =>
      list.flatMap((stmt) => {
        if (done.has(stmt)) return [stmt]
        done.add(stmt)
        const changed = change(stmt, site)
        if (changed.length !== 1 || changed[0] !== stmt) note()
        return changed
      }),
  })
}

/** A defect in the lowering of one operation: the expression, which is of this operation, as another one. */
export function wrongOp(op: OpName, change: (expr: OpExpr, func: FuncSite) => Expr): Mutate {
  return (module) =>
    changeModule(module, (expr, func) => (expr.kind === 'op' && expr.op === op ? change(expr, func) : expr))
}

/** The same operands to another operation of the same type. */
export function otherOp(op: OpName, other: OpName): Mutate {
  return wrongOp(op, (expr) => ({ ...expr, op: other }))
}

/** One operand changed. */
export function otherOperand(op: OpName, at: number, change: (arg: Expr, expr: OpExpr) => Expr): Mutate {
  return wrongOp(op, (expr) => ({ ...expr, args: expr.args.with(at, change(expr.args[at]!, expr)) }))
}

/** Two operands in each other's place. */
export function swapped(op: OpName): Mutate {
  return wrongOp(op, (expr) => ({ ...expr, args: expr.args.toReversed() }))
}

/** An operation at the place of another expression. */
export function make(at: Expr, op: OpName, type: Type, args: readonly Expr[], imm: readonly Immediate[] = []): OpExpr {
  return { kind: 'op', op, imm, args, type, span: at.span }
}

export function constant(at: Expr, value: Constant, type: Type): Expr {
  return { kind: 'const', value, type, span: at.span }
}

/** Whether an expression may be done twice or at another time. */
export function isLeaf(expr: Expr): boolean {
  return expr.kind === 'const' || expr.kind === 'local'
}
