import { REFUSALS, type RefusalName, type Span } from '../../base/index.ts'
import type { HClass, HExpr, HFunc, HStmt, HVar, PrivateMember } from '../hir.ts'
import type { TypeDesc } from '../hir-program.ts'
import { newVar } from '../make-hir.ts'
import { ts, type Oracle } from '../oracle.ts'
import type { ClassEnv } from './class-env.ts'
import type { Facts } from './facts.ts'

/** A function in the making: what the outside sees, and what is still to be added to it. */
export type Func = HFunc & {
  readonly captures: Set<HVar>
  readonly parent: Func | null
  readonly resumed?: Func | undefined
  /** Functions written in it whose bodies are built with its own. */
  readonly pending: Func[]
}

/** One build of a program: what has been made from which declaration. */
export type Build = {
  readonly oracle: Oracle
  readonly init: Func
  readonly variables: Map<ts.Node, HVar>
  /** By the node that owns a body: a function, or a class for its constructor. */
  readonly functions: Map<ts.Node, Func>
  readonly nodes: Map<HFunc, ts.Node>
  readonly classes: Map<ts.Node, HClass>
  /** Records of local classes; null for classes that need none. */
  readonly envs: Map<ts.Node, ClassEnv | null>
  /** The functions that stand for classes as values. */
  readonly makers: Map<ts.Node, HVar>
  /** Classes whose constructor runs code that may see the instance before all its fields are set. */
  readonly leaking: Set<HClass>
  /** Private members of the program's classes, by the names under which objects keep them. */
  readonly privates: Map<string, PrivateMember>
  /** The variables in which parameters with defaults or patterns arrive. */
  readonly receivers: Map<ts.Node, HVar>
  /** What `this` is in the methods of object literals. */
  readonly selves: Map<ts.Node, HVar>
  /** Whether methods of an object literal may leave it. */
  readonly leaving: Map<ts.Node, boolean>
  /** Whether some function is given `this` by its calls, once that was asked. */
  usesThis?: boolean
  /** Names under which methods of classes are read without a call, once that was asked. */
  takenNames?: ReadonlySet<string>
  readonly facts: Map<ts.SourceFile, Facts>
  readonly kinds: Map<ts.Type, number>
  readonly types: Map<ts.Type, TypeDesc>
  /** Whether a variable may be read before anything was stored in it. */
  readonly unassigned: Map<ts.Node, boolean>
  readonly counters: { label: number }
}

/** Where `break` and `continue` go. */
export type Target = {
  readonly names: readonly string[]
  readonly label: number
  readonly role: 'loop' | 'switch' | 'block'
}

/** What the building of a body knows of the place where it is. */
export type Place = {
  readonly build: Build
  readonly func: Func
  readonly file: number
  readonly source: ts.SourceFile
  /** In the prelude the checker is not asked for types. */
  readonly prelude: boolean
  readonly targets: Target[]
}

export function spanOf(p: Place, node: ts.Node): Span {
  return { file: p.file, start: node.getStart(p.source), end: node.end }
}

/** Refuses a construct: nothing runs with another meaning than the one in Node. */
export function refuse(p: Place, node: ts.Node, feature: string, hint: string, message?: string): HExpr {
  const span = spanOf(p, node)
  const text = message ?? `${feature[0]?.toUpperCase()}${feature.slice(1)} cannot be used here`
  p.build.oracle.collector.report('ANRF1101', span, { message: text, hint, feature })
  return undefinedAt(span)
}

/** Refuses a construct that has a page: the hint is the one of the page. */
export function refuseForGood(p: Place, node: ts.Node, name: RefusalName): HExpr {
  const { title, hint } = REFUSALS[name]
  return refuse(p, node, title, hint)
}

export function undefinedAt(span: Span): HExpr {
  return { kind: 'const', value: undefined, span }
}

/** A variable that is set once, of which nothing else is known yet. */
/** A variable that the program did not write. */
export function makeTemp(p: Place, name: string, span: Span): HVar {
  return newVar(p.func, name, span)
}

export function readVar(v: HVar, span: Span): HExpr {
  return { kind: 'var', v, span }
}

export function letStmt(v: HVar, init: HExpr | null): HStmt {
  return { kind: 'let', v, init, span: init?.span ?? v.span }
}

export function exprStmt(expr: HExpr): HStmt {
  return { kind: 'expr', expr, span: expr.span }
}

export function newLabel(p: Place): number {
  return p.build.counters.label++
}

/** Removes what has no meaning at run time around an expression. */
export function skipOuter(node: ts.Expression): ts.Expression {
  let e = node
  while (
    ts.isParenthesizedExpression(e) ||
    ts.isAsExpression(e) ||
    ts.isSatisfiesExpression(e) ||
    ts.isTypeAssertionExpression(e) ||
    ts.isNonNullExpression(e)
  ) {
    e = e.expression
  }
  return e
}

export function skipParens(node: ts.Expression): ts.Expression {
  let e = node
  while (ts.isParenthesizedExpression(e) || ts.isSatisfiesExpression(e)) e = e.expression
  return e
}
