import type { HExpr, HParam, HStmt, HVar } from '../hir.ts'
import { generatorStates, newGenerator } from '../generators/generator.ts'
import { ts } from '../oracle.ts'
import { buildExpr } from './expressions.ts'
import type { FunctionNode } from './facts.ts'
import { placeIn } from './functions.ts'
import { openVars } from './hoisting.ts'
import { narrowTo, resultKinds } from './narrow.ts'
import { newLabel, spanOf, undefinedAt, type Build, type Func, type Place } from './state.ts'
import { buildBody } from './statements.ts'
import { nodeSpan } from './variables.ts'
import { walkVariables } from './walks.ts'

/** The function that runs the code of a generator part by part; the generator's own variables are its variables. */
export function resumedFunction(b: Build, node: FunctionNode, parent: Func): Func {
  const params: HParam[] = []
  const made: Func = {
    name: parent.name,
    params,
    rest: null,
    thisVar: null,
    generic: false,
    parent,
    cls: null,
    span: nodeSpan(b, node),
    captures: new Set(),
    pending: [],
    body: () => resumedParts(b, node, made).body,
  }
  for (const name of ['generator', 'mode', 'sent']) {
    const variable: HVar = {
      name,
      scope: made,
      span: made.span,
      captured: false,
      assigned: name !== 'generator',
      checked: false,
      tested: false,
    }
    params.push({ variable, optional: false })
  }
  return made
}

type Parts = { readonly body: readonly HStmt[]; readonly frame: readonly HVar[] }

const parts = new WeakMap<Func, Parts>()

/** The code as states, built once; then the functions written in it. */
function resumedParts(b: Build, node: FunctionNode, func: Func): Parts {
  const known = parts.get(func)
  if (known) return known
  const p = placeIn(b, func, node.getSourceFile())
  const code = node.body && ts.isBlock(node.body) ? [...openVars(p, node), ...buildBody(p, node.body)] : []
  const m = generatorStates(func, code, () => newLabel(p))
  const made = { body: m.body(), frame: m.frame }
  parts.set(func, made)
  for (let next = func.pending.shift(); next; next = func.pending.shift()) next.body()
  return made
}

/** What a call of a generator function does, after its parameters have their values. */
export function buildGenerator(p: Place, node: FunctionNode): HStmt[] {
  const func = p.func.resumed as Func
  const { frame } = resumedParts(p.build, node, func)
  const span = spanOf(p, node)
  return [
    { kind: 'frame', variables: frame, span },
    { kind: 'return', value: newGenerator(func, p.prelude), span },
  ]
}

export function buildYield(p: Place, node: ts.YieldExpression): HExpr {
  const span = spanOf(p, node)
  const value = node.expression ? buildExpr(p, node.expression) : undefinedAt(span)
  const made: HExpr = { kind: 'yield', value, walk: node.asteriskToken ? walkVariables(p, span) : null, span }
  return ts.isExpressionStatement(node.parent) ? made : narrowTo(made, resultKinds(p, node))
}

/** Whether a function's code runs part by part. */
export function isResumed(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && 'asteriskToken' in node && node.asteriskToken !== undefined
}
