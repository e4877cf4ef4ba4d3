import { ts } from '../oracle.ts'
import { isStatic, ownerOf, refsIn, type Facts, type Ref } from './facts.ts'
import { isCalled, isCalledOnly, isCapturedEarly, isLocal, outermostBelow, takersBefore } from './placement.ts'

/**
 * Whether a `let`, `const` or class may be read before its declaration has run (the temporal
 * dead zone, ECMA-262 14.3.1). Reads in the same function count by their place in the text; a read in a
 * nested function counts when code before the end of the declaration may call that function.
 */
export function mayBeReadEarly(facts: Facts, declaration: ts.Declaration): boolean {
  const refs = facts.refsOf.get(declaration)
  if (!refs) return false
  if (isLocal(declaration)) return isLocalEarly(facts, declaration, refs)
  const region: Region = { owner: ownerOf(declaration), end: endOf(declaration), facts }
  return refs.some((ref) => isEarly(region, declaration, ref))
}

/** Local variables exist from the start of their block when a closure takes them along, or may call them, before they have a value. */
function isLocalEarly(facts: Facts, declaration: ts.Declaration, refs: readonly Ref[]): boolean {
  if (ts.isFunctionExpression(declaration)) return refs.length > 0
  const end = endOf(declaration)
  return (
    isUsedEarly(declaration, refs, end) ||
    isCapturedEarly(facts, declaration, end) ||
    isCalledEarly(facts, declaration, end)
  )
}

/** Whether a function that calls a local one may run before that has its value. */
function isCalledEarly(facts: Facts, declaration: ts.Declaration, end: number): boolean {
  if (ts.isFunctionDeclaration(declaration)) return false
  const takers = takersBefore(facts, declaration, end)
  if (clauseOf(declaration)) return takers.length > 0
  const region: Region = { owner: ownerOf(declaration), end, facts }
  const scope = scopeOf(declaration)
  return takers.some((taker) => mayRunBefore(region, scope, taker, new Set()))
}

/**
 * Whether a function of the region may run before its end: where it is used as a value, any call may run it, and whatever leaves the
 * region or waits in it, after which the rest of the program may; otherwise what calls it by its name.
 */
function mayRunBefore(region: Region, scope: ts.Node, taker: ts.Node, seen: Set<ts.Node>): boolean {
  if (seen.has(taker)) return false
  seen.add(taker)
  const { facts, owner, end } = region
  const made = ts.isFunctionDeclaration(taker) ? scope.pos : taker.pos
  const name = nameOf(taker)
  const refs = name ? (facts.refsOf.get(name) ?? []) : undefined
  if (!refs?.every(isCalled))
    return [...facts.calls, ...facts.exits].some((n) => n.end > made && n.pos < end && ownerOf(n) === owner)
  return refs.some((ref) => {
    if (ref.owner === owner) return ref.node.pos < end
    const caller = outermostBelow(owner, ref.owner)
    return caller !== undefined && isMadeBefore(caller, end) && mayRunBefore(region, scope, caller, seen)
  })
}

const isMadeBefore = (f: ts.Node, end: number): boolean => ts.isFunctionDeclaration(f) || f.pos < end

/** Whether a function that code calls by its name needs no closure: it is only ever called, when it is there, and so are those that it calls. */
export function needsNoClosure(facts: Facts, declaration: ts.Declaration): boolean {
  const called = new Set<ts.Declaration>()
  return isCalledOnly(facts, declaration, called) && ![...called].some((f) => mayBeReadEarly(facts, f))
}

/** Whether code of the same function uses it before its end, or any in another clause of a switch; functions are made at the start. */
function isUsedEarly(declaration: ts.Declaration, refs: readonly Ref[], end: number): boolean {
  if (ts.isFunctionDeclaration(declaration)) return false
  const owner = ownerOf(declaration)
  const clause = clauseOf(declaration)
  return refs.some((r) => (r.owner === owner && r.node.pos < end) || isOutside(clause, r.node))
}

/** Whether this very use stands where the declaration cannot have run yet, or another clause of a switch ran it. */
export function isTextuallyEarly(declaration: ts.Declaration, node: ts.Node): boolean {
  if (node.pos < endOf(declaration)) return true
  return isOutside(clauseOf(declaration), node)
}

/** Declarations in a clause of a switch are made where they stand, if it is reached. */
function isOutside(clause: ts.Node | undefined, node: ts.Node): boolean {
  return clause !== undefined && !(clause.pos <= node.pos && node.end <= clause.end)
}

type Region = { readonly owner: ts.Node; readonly end: number; readonly facts: Facts }

function isEarly(region: Region, declaration: ts.Declaration, ref: Ref): boolean {
  if (ref.owner === region.owner) return isTextuallyEarly(declaration, ref.node)
  const outer = outermostBelow(region.owner, ref.owner)
  if (!outer) return true
  if (ts.isFunctionDeclaration(outer)) return awaits(region) || reaches(region, callsAfter(region, -1), outer)
  return outer.pos < region.end && (awaits(region) || mayRun(region, outer))
}

/** Whether the region's code waits before its end, so that jobs may run whatever is there by then. */
const awaits = ({ facts, end }: Region): boolean => facts.awaits.some((n) => n.pos < end)

/** Whether a function or class that is made at its place in the text may run before the region ends. */
function mayRun(region: Region, outer: ts.Node): boolean {
  const calls = callsAfter(region, outer.pos)
  if (calls.length === 0) return false
  const name = nameOf(outer)
  return name === undefined || calls.some((c) => c.pos < outer.pos) || reaches(region, calls, name)
}

/** The calls that the region's own code makes, not a function inside it, once `pos` is reached. */
function callsAfter(region: Region, pos: number): ts.Node[] {
  return region.facts.calls.filter((c) => c.end > pos && c.pos < region.end && ownerOf(c) === region.owner)
}

/** The declaration by which alone a function can be called: itself, or the constant that holds it. */
function nameOf(outer: ts.Node): ts.Node | undefined {
  if (ts.isFunctionDeclaration(outer) || ts.isClassDeclaration(outer)) return outer
  const parent = outer.parent
  return ts.isVariableDeclaration(parent) && parent.initializer === outer ? parent : undefined
}

type Range = { readonly pos: number; readonly end: number }

/** Whether calls of a region name `target`, themselves or through the declarations that they name; what was assigned may be called by any name. */
function reaches({ facts, owner, end }: Region, calls: readonly Range[], target: ts.Node): boolean {
  if (calls.length === 0) return false
  const stores = facts.stores.filter((n) => n.pos < end && ownerOf(n) === owner)
  return reachedRefs(facts, [...calls, ...stores]).some((r) => r.declaration === target)
}

/** The uses of names in `ranges` and in the declarations that these name, and so on. */
export function reachedRefs(facts: Facts, ranges: readonly Range[]): Ref[] {
  const seen = new Set<ts.Node>()
  const found: Ref[] = []
  const work: Range[] = [...ranges]
  for (let range = work.pop(); range; range = work.pop()) {
    for (const ref of refsIn(facts.refs, range)) {
      found.push(ref)
      const d = ref.declaration
      if (seen.has(d)) continue
      seen.add(d)
      if (d.getSourceFile() === ref.node.getSourceFile()) work.push(...partsRunLater(d))
    }
  }
  return found
}

/** The parts of a declaration that using it may run: not the static initialisers and blocks of a class, which run where it is declared. */
function partsRunLater(declaration: ts.Node): readonly Range[] {
  if (!ts.isClassDeclaration(declaration)) return [declaration]
  const isInitial = (m: ts.ClassElement): boolean =>
    ts.isClassStaticBlockDeclaration(m) || (ts.isPropertyDeclaration(m) && isStatic(m))
  return [...(declaration.heritageClauses ?? []), ...declaration.members.filter((m) => !isInitial(m))]
}

function endOf(declaration: ts.Declaration): number {
  // A class has its name inside its own body, also while its static members are set (ECMA-262 15.7.14).
  if (ts.isClassDeclaration(declaration)) return declaration.members.pos
  let d: ts.Node = declaration
  while (ts.isBindingElement(d) || ts.isBindingName(d)) d = d.parent
  return d.end
}

/** The block in which a declaration is visible. */
export function scopeOf(declaration: ts.Node): ts.Node {
  let n = declaration.parent
  while (!isScope(n)) n = n.parent
  return n
}

const SCOPES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.Block,
  ts.SyntaxKind.SourceFile,
  ts.SyntaxKind.CaseBlock,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ClassStaticBlockDeclaration,
  ts.SyntaxKind.ModuleBlock,
])

const isScope = (n: ts.Node): boolean => SCOPES.has(n.kind) || ts.isFunctionLike(n)

function clauseOf(declaration: ts.Node): ts.Node | undefined {
  let n: ts.Node = declaration
  while (!isScope(n)) {
    if (ts.isCaseOrDefaultClause(n)) return n
    n = n.parent
  }
  return undefined
}
