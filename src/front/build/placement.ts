import { ts } from '../oracle.ts'
import { classExpressionIn } from './classes.ts'
import { scopeOf } from './early.ts'
import { isVar } from './hoisting.ts'
import { ownerOf, refsIn, type Facts, type Ref } from './facts.ts'

/** Where a function declaration of a block gets its value: before the statement at `pos`, as the `order`-th of those there. */
export type Placement = { readonly pos: number; readonly order: number }

const NOWHERE: Placement = { pos: Number.MAX_SAFE_INTEGER, order: 0 }

/**
 * The place of each function declaration of a block. JavaScript makes them all at the start of the block. Nobody
 * can tell when a function is made before it is used, so each is made just before the first
 * statement that names it, itself or through another function: by then most of what it captures has its value.
 */
function placeFunctions(facts: Facts, block: ts.Node): Map<ts.Node, Placement> {
  const list = statementsOf(block)
  const functions = list.filter((s) => ts.isFunctionDeclaration(s) && s.body !== undefined)
  const placed = new Map<ts.Node, Placement>()
  const members = new Set<ts.Node>(functions)
  let order = 0
  const visit = (f: ts.Node, pos: number): void => {
    if (placed.has(f)) return
    placed.set(f, NOWHERE)
    for (const other of namedIn(facts, f, members)) visit(other, pos)
    placed.set(f, { pos, order: order++ })
  }
  if (ts.isSourceFile(block) || ts.isCaseBlock(block) || ts.isModuleBlock(block)) {
    for (const f of functions) visit(f, block.pos)
  } else {
    for (const s of list) if (!members.has(s)) for (const f of namedIn(facts, s, members)) visit(f, s.pos)
  }
  // The order in which the visits ended: a function comes after those that it names.
  return new Map([...placed].sort(([, a], [, b]) => a.order - b.order))
}

function statementsOf(block: ts.Node): readonly ts.Statement[] {
  if (ts.isBlock(block) || ts.isSourceFile(block) || ts.isModuleBlock(block)) return block.statements
  return ts.isCaseBlock(block) ? block.clauses.flatMap((c) => [...c.statements]) : []
}

function namedIn(facts: Facts, node: ts.Node, members: ReadonlySet<ts.Node>): ts.Node[] {
  return [...new Set(refsIn(facts.refs, node).map((r) => r.declaration as ts.Node))].filter((d) => members.has(d))
}

/** The functions of a block in the order in which they are made, with their places. Those that nothing names have none. */
export function placementsIn(facts: Facts, block: ts.Node): ReadonlyMap<ts.Node, Placement> {
  const known = facts.placements.get(block)
  if (known) return known
  const made = placeFunctions(facts, block)
  facts.placements.set(block, made)
  return made
}

function placementOf(facts: Facts, f: ts.Node): Placement {
  return placementsIn(facts, scopeOf(f)).get(f) ?? NOWHERE
}

/**
 * Whether a closure that captures a local variable is made before the variable has its value, so that
 * the variable must exist without one. Functions that are only called by name and
 * capture nothing but such functions need no closure at all.
 */
export const isCapturedEarly = (facts: Facts, declaration: ts.Declaration, setAt: number): boolean =>
  takersBefore(facts, declaration, setAt).length > 0 && !isCalledOnly(facts, declaration, new Set())

/** The functions and classes in the scope of a local variable that name it and are made before it has its value. */
export function takersBefore(facts: Facts, declaration: ts.Declaration, setAt: number): readonly ts.Node[] {
  const own = ts.isFunctionDeclaration(declaration) ? placementOf(facts, declaration) : { pos: setAt, order: -1 }
  return takersOf(facts, declaration).filter((outer) => {
    if (!ts.isFunctionDeclaration(outer)) return outer.pos < own.pos
    const made = placementOf(facts, outer)
    return made.pos < own.pos || (made.pos === own.pos && made.order <= own.order)
  })
}

/** The functions and classes directly in the function of a local variable whose code names it. */
function takersOf(facts: Facts, declaration: ts.Declaration): readonly ts.Node[] {
  const owner = ownerOf(declaration)
  const refs = (facts.refsOf.get(declaration) ?? []).filter((ref) => ref.owner !== owner)
  return [...new Set(refs.flatMap((ref) => outermostBelow(owner, ref.owner) ?? []))]
}

/** The function directly in `owner` whose code holds `inner`; methods are made with their class. */
export function outermostBelow(owner: ts.Node, inner: ts.Node): ts.Node | undefined {
  let at = inner
  while (!ts.isSourceFile(at)) {
    const above = ownerOf(at)
    if (above === owner) return ts.isClassElement(at) && ts.isClassLike(at.parent) ? at.parent : at
    at = above
  }
  return undefined
}

/** Whether a declaration is a function that is never used as a value and captures only such functions. */
export function isCalledOnly(facts: Facts, declaration: ts.Declaration, seen: Set<ts.Declaration>): boolean {
  if (seen.has(declaration)) return true
  seen.add(declaration)
  const f = functionIn(declaration)
  if (!f || facts.assigned.has(declaration)) return false
  const called = (facts.refsOf.get(declaration) ?? []).every(isCalled)
  if (!called || facts.arrowThis.some((n) => n.pos >= f.pos && n.end <= f.end)) return false
  return refsIn(facts.refs, f).every((r) => isOwnOrGlobal(f, r.declaration) || isCalledOnly(facts, r.declaration, seen))
}

/** Whether the use of a name is a call of what it stands for. */
export function isCalled({ node }: Ref): boolean {
  const call = node.parent
  return ts.isCallExpression(call) && call.expression === node && !call.questionDotToken
}

/** Classes and enums are no variables that anything could take along. */
export const isValue = (d: ts.Declaration): boolean =>
  !ts.isClassLike(d) && !ts.isEnumDeclaration(d) && !ts.isEnumMember(d) && !classExpressionIn(d)

function functionIn(declaration: ts.Node): ts.Node | undefined {
  if (ts.isFunctionDeclaration(declaration)) return declaration
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const value = declaration.initializer
  return ts.isArrowFunction(value) || (ts.isFunctionExpression(value) && !value.name) ? value : undefined
}

/** Declared inside `f`, or at the top level of a file. */
export function isOwnOrGlobal(f: ts.Node, d: ts.Node): boolean {
  if (d.getSourceFile() !== f.getSourceFile()) return true
  if (d.pos >= f.pos && d.end <= f.end && (d !== f || ts.isClassLike(d))) return true
  return !isLocal(d)
}

/** Whether a declaration is local to a function or, unless it is a `var`, to a block. */
export function isLocal(d: ts.Node): boolean {
  const anywhere = isVar(d)
  for (let n = d.parent; n; n = n.parent) {
    if (ts.isSourceFile(n)) return false
    if (ts.isFunctionLike(n)) return true
    if (anywhere) continue
    if (ts.isBlock(n) || ts.isCaseBlock(n) || ts.isIterationStatement(n, false) || ts.isCatchClause(n)) return true
  }
  return false
}
