import type { Span } from '../../base/index.ts'
import { BOUNDS } from '../bounds.ts'
import { localsOf, type Expr, type Func, type Module, type Stmt } from '../module.ts'
import { opRow } from '../ops.ts'
import { formatType, isBoxed, sameType, type Type } from '../types.ts'
import { assertNever, childrenOf, isExpr, nodesOf, type Node } from '../walk.ts'
import { deriveType, type Scope } from './derive.ts'
import { checkFlow } from './flow.ts'
import { fault, isFault, type Fault, type Rule } from './rules.ts'
import type { TypeJudge } from './well-formed.ts'

type Report = (fault: Fault, span: Span) => void

/** Checks the body of a function whose module's declarations are in order. */
export function checkFunc(module: Module, func: Func, judge: TypeJudge, report: Report): void {
  const deep = firstTooDeep(func.body, 0)
  if (deep) return report(fault('depth', `deeper than ${BOUNDS.depth}`), deep.span)
  let isSound = true
  for (const node of nodesOf(func)) {
    if (!isExpr(node)) continue
    const wrong = judge.local(node.type)
    if (wrong) report(wrong, node.span)
    const isFit = node.kind !== 'op' || checkImmediates(node, judge, report)
    isSound &&= !wrong && isFit
  }
  // Deriving types from malformed ones would only repeat the error.
  if (!isSound) return
  new BodyChecker(module, func, report).check()
  checkFlow(func, report)
}

/** The first node that is nested too deeply; goes no deeper itself. */
function firstTooDeep(nodes: readonly Node[], depth: number): Node | undefined {
  if (depth === BOUNDS.depth) return nodes[0]
  for (const node of nodes) {
    const deep = firstTooDeep(childrenOf(node), depth + 1)
    if (deep) return deep
  }
  return undefined
}

/** Whether the types in the immediates of an operation are in order; reports those that are not. */
function checkImmediates(expr: Extract<Expr, { kind: 'op' }>, judge: TypeJudge, report: Report): boolean {
  let isFit = true
  const { imm = NO_IMMEDIATES } = opRow(expr.op)
  for (let i = 0; i < imm.length; i++) {
    if (imm[i] !== 'type') continue
    const type = expr.imm[i] as Type
    const wrong = expr.op === 'cell.unset' ? judge.content(type) : judge.value(type)
    if (!wrong) continue
    isFit = false
    report(wrong, expr.span)
  }
  return isFit
}

const NO_IMMEDIATES: readonly string[] = []

class BodyChecker {
  readonly #func: Func
  readonly #scope: Scope
  readonly #report: Report
  readonly #labels = new Set<number>()
  /** The statements that enclose the current one and have a label. */
  readonly #targets = new Map<number, Stmt['kind']>()

  constructor(module: Module, func: Func, report: Report) {
    this.#func = func
    this.#scope = { module, locals: localsOf(func) }
    this.#report = report
  }

  check(): void {
    this.#stmts(this.#func.body)
  }

  #stmts(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.#stmt(stmt)
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'expr':
        return this.#expr(stmt.expr)
      case 'set':
        this.#expr(stmt.value)
        return this.#expect('set', stmt.value, this.#local(stmt.local, stmt.span), stmt.span)
      case 'return':
        this.#expr(stmt.value)
        return this.#expect('return', stmt.value, this.#func.result, stmt.span)
      case 'throw':
        this.#expr(stmt.value)
        return this.#expect('throw', stmt.value, { kind: 'any' }, stmt.span)
      case 'if':
        this.#test(stmt.test)
        this.#stmts(stmt.then)
        return this.#stmts(stmt.else)
      case 'block':
        return this.#labelled(stmt, () => this.#stmts(stmt.body))
      case 'loop':
        return this.#labelled(stmt, () => this.#loop(stmt))
      case 'switch':
        return this.#switch(stmt)
      case 'break':
      case 'continue':
        return this.#jump(stmt)
      case 'try':
        return this.#try(stmt)
      default:
        return assertNever(stmt)
    }
  }

  #expect(rule: Rule, value: Expr, type: Type | undefined, span: Span): void {
    if (type && !sameType(value.type, type))
      this.#report(fault(rule, `the value is of type ${formatType(value.type)}, not ${formatType(type)}`), span)
  }

  /** The type of a local, reported when there is none. */
  #local(index: number, span: Span): Type | undefined {
    const local = this.#scope.locals[index]
    if (!local) this.#report(fault('local', `there is no local ${index}`), span)
    return local?.type
  }

  #test(test: Expr): void {
    this.#expr(test)
    this.#expect('test', test, { kind: 'bool' }, test.span)
  }

  /** The test and the update may leave the loop but not continue it: they stand outside of what a continue ends. */
  #loop(stmt: Extract<Stmt, { kind: 'loop' }>): void {
    this.#stmts(stmt.body)
    this.#targets.set(stmt.label, 'block')
    if (stmt.test) this.#test(stmt.test)
    this.#stmts(stmt.update)
  }

  #labelled(stmt: Extract<Stmt, { kind: 'block' | 'loop' | 'switch' }>, inside: () => void): void {
    if (this.#labels.has(stmt.label)) this.#report(fault('label-unique', `label ${stmt.label} is taken`), stmt.span)
    this.#labels.add(stmt.label)
    const outer = this.#targets.get(stmt.label)
    this.#targets.set(stmt.label, stmt.kind)
    inside()
    if (outer) this.#targets.set(stmt.label, outer)
    else this.#targets.delete(stmt.label)
  }

  #jump(stmt: Extract<Stmt, { kind: 'break' | 'continue' }>): void {
    const target = this.#targets.get(stmt.label)
    if (target === undefined || (stmt.kind === 'continue' && target !== 'loop'))
      this.#report(fault('label-target', `${stmt.kind} has no target ${stmt.label}`), stmt.span)
  }

  #switch(stmt: Extract<Stmt, { kind: 'switch' }>): void {
    this.#expr(stmt.subject)
    const { type } = stmt.subject
    const isPlain = type.kind === 'f64' || type.kind === 'string' || type.kind === 'bool'
    if (!isPlain && !isBoxed(type))
      this.#report(fault('switch', `the subject is of type ${formatType(type)}`), stmt.subject.span)
    if (stmt.cases.filter((c) => !c.test).length > 1) this.#report(fault('switch', 'there are two defaults'), stmt.span)
    this.#labelled(stmt, () => {
      for (const { test, body } of stmt.cases) {
        if (test) this.#expr(test)
        if (test && !(isBoxed(type) ? isBoxed(test.type) : sameType(test.type, type)))
          this.#report(fault('switch', `a test is of type ${formatType(test.type)}`), test.span)
        this.#stmts(body)
      }
    })
  }

  #try(stmt: Extract<Stmt, { kind: 'try' }>): void {
    this.#stmts(stmt.body)
    if (stmt.catch) {
      const type = this.#local(stmt.catch.local, stmt.span)
      if (type && type.kind !== 'any')
        this.#report(fault('catch', `the local is of type ${formatType(type)}`), stmt.span)
      this.#stmts(stmt.catch.body)
    }
    this.#stmts(stmt.finally ?? [])
  }

  #expr(expr: Expr): void {
    switch (expr.kind) {
      case 'const':
      case 'local':
        break
      case 'op':
      case 'call':
        for (const arg of expr.args) this.#expr(arg)
        break
      case 'invoke':
        this.#expr(expr.callee)
        for (const arg of expr.args) this.#expr(arg)
        break
      case 'cond':
        this.#expr(expr.test)
        this.#expr(expr.then)
        this.#expr(expr.else)
        break
      case 'seq':
        this.#stmts(expr.body)
        this.#expr(expr.value)
        break
      default:
        return assertNever(expr)
    }
    if (isI32(expr)) return
    const type = deriveType(this.#scope, expr)
    const name = expr.kind === 'op' ? `${expr.op}: ` : ''
    if (isFault(type)) this.#report(fault(type.rule, `${name}${type.message}`), expr.span)
    else if (!sameType(type, expr.type)) {
      const rule = expr.kind === 'const' ? 'constant' : 'type'
      this.#report(fault(rule, `${name}it is of type ${formatType(type)}, not ${formatType(expr.type)}`), expr.span)
    }
  }
}

/** Whether the expression is a constant of type i32 that is one. */
function isI32(expr: Expr): boolean {
  if (expr.kind !== 'const' || expr.type.kind !== 'i32' || typeof expr.value !== 'number') return false
  return Object.is(expr.value | 0, expr.value)
}
