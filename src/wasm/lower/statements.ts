import { eachNode, opRow, type Expr, type Node, type Stmt } from '../../ir/index.ts'
import { ANYREF, HEAP, I64, type Label } from '../encoder/index.ts'
import { optionalOf } from '../layout/values.ts'
import { attempt, leave } from './attempt.ts'
import { branchIf } from './branch.ts'
import { box, equalBoxes } from './boxes.ts'
import { withFlatTexts } from './flat-texts.ts'
import type { FuncLowering } from './func.ts'
import { loadOwnList } from './own-lists.ts'
import { textSwitch } from './ops/texts.ts'
import { equalTexts } from '../runtime/strings.ts'

type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>

/** Lowers statements; what follows one that never ends normally is left out by the host. */
export function lowerStatements(f: FuncLowering, list: readonly Stmt[]): void {
  for (const stmt of list) {
    f.inside(stmt.span, () => {
      f.at(stmt.span)
      statement(f, stmt)
    })
  }
}

function statement(f: FuncLowering, stmt: Stmt): void {
  switch (stmt.kind) {
    case 'expr':
      return f.discard(stmt.expr)
    case 'set':
      f.value(stmt.value)
      if (f.locals[stmt.local]! >= 0) f.c.set(f.locals[stmt.local]!)
      return loadOwnList(f, stmt.local)
    case 'if':
      return choose(f, stmt)
    case 'block':
      return labelled(f, stmt.label, () => f.statements(stmt.body))
    case 'loop':
      return withFlatTexts(f, stmt, () => loop(f, stmt))
    case 'switch':
      return select(f, stmt)
    case 'break':
    case 'continue':
      return leave(f, { kind: stmt.kind, label: stmt.label })
    case 'return':
      f.value(stmt.value)
      return leave(f, { kind: 'return' })
    case 'throw':
      return raise(f, stmt)
    case 'try':
      return attempt(f, stmt)
  }
}

/** Throws with the place where it happens; an Error says itself where it was made. */
function raise(f: FuncLowering, stmt: Of<'throw'>): void {
  f.value(stmt.value)
  f.at(stmt.span)
  if (isError(f, stmt.value)) f.c.refNull(HEAP.extern, true)
  else f.service('captureTrace')
  f.mark()
  f.c.throw(f.m.tag)
}

/** Whether a value that is thrown is an Error for certain. */
function isError(f: FuncLowering, e: Expr): boolean {
  const inner = e.kind === 'op' && e.op === 'dyn.box' ? e.args[0]! : e
  return inner.type.kind === 'object' && f.m.module.objects[inner.type.id]!.role === 'error'
}

function choose(f: FuncLowering, stmt: Of<'if'>): void {
  const { c } = f
  const end = stmt.else.length > 0 ? c.block() : undefined
  const otherwise = c.block()
  branchIf(f, stmt.test, false, otherwise)
  f.statements(stmt.then)
  if (!end) {
    c.end()
    return
  }
  c.br(end)
  c.end()
  f.statements(stmt.else)
  c.end()
}

/** Lowers `body` as what a `break` to the label leaves. */
function labelled(f: FuncLowering, label: number, body: (out: Label) => void): void {
  const out = f.c.block()
  f.exits.push({ kind: 'label', label, out })
  body(out)
  f.exits.pop()
  f.c.end()
}

/** A loop keeps fuel in a local when nothing else can take any inside: in memory, each round would wait for the one before. */
function loop(f: FuncLowering, stmt: Of<'loop'>): void {
  const { c } = f
  if (!f.m.options.charges || !holdsFuel(stmt)) return rounds(f, stmt)
  const { fuel } = f.m.global
  f.withLocal(I64, (local) => {
    c.globalGet(fuel).set(local)
    f.fuelLocal = local
    f.exits.push({ kind: 'fuel' })
    rounds(f, stmt)
    f.exits.pop()
    f.syncFuel()
    f.fuelLocal = undefined
  })
}

/** Whether a loop takes fuel for its rounds only. */
function holdsFuel({ test, body, update }: Of<'loop'>): boolean {
  for (const node of eachNode([...(test ? [test] : []), ...body, ...update])) {
    if (node.kind === 'op' ? opRow(node.op).fuel : TAKES_FUEL.has(node.kind)) return false
  }
  return true
}

/** What takes fuel inside a loop, or may; a `try`, through which control comes on many ways, is left aside with them. */
const TAKES_FUEL: ReadonlySet<Node['kind']> = new Set(['loop', 'try', 'call', 'invoke'])

/** The test stands at the head of each round; of a loop with `post` behind the update. */
function rounds(f: FuncLowering, stmt: Of<'loop'>): void {
  const { c } = f
  const out = c.block()
  const top = c.loop()
  if (stmt.test && !stmt.post) branchIf(f, stmt.test, false, out)
  const next = c.block()
  f.exits.push({ kind: 'label', label: stmt.label, out, next })
  f.statements(stmt.body)
  f.exits.pop()
  c.end()
  f.at(stmt.span)
  f.burn(1)
  // A `break` in the update or test leaves the loop too; `continue` does not stand there.
  f.exits.push({ kind: 'label', label: stmt.label, out })
  f.statements(stmt.update)
  if (stmt.test && stmt.post) branchIf(f, stmt.test, true, top)
  else c.br(top)
  f.exits.pop()
  c.end()
  c.end()
}

function select(f: FuncLowering, stmt: Of<'switch'>): void {
  const { c } = f
  labelled(f, stmt.label, (out) => {
    const texts = textSwitch(f, stmt)
    const isOptional = optionalOf(stmt.subject.type) !== undefined
    const valType = texts ? texts.type : isOptional ? ANYREF : f.m.types.valType(stmt.subject.type)
    if (texts) texts.pushSubject()
    else {
      f.value(stmt.subject)
      if (isOptional) box(f.m, c, stmt.subject.type)
    }
    const subject = valType ? c.local(valType) : -1
    if (subject >= 0) c.set(subject)
    // The first case is in the innermost block, whose end is where its body begins.
    const starts = stmt.cases.map(() => c.block()).reverse()
    stmt.cases.forEach(({ test }, i) => {
      if (!test) return
      if (texts) texts.pushTest(subject, test)
      else pushSame(f, subject, test)
      c.brIf(starts[i]!)
    })
    const fallback = stmt.cases.findIndex(({ test }) => !test)
    c.br(fallback < 0 ? out : starts[fallback]!)
    for (const { body } of stmt.cases) {
      c.end()
      f.statements(body)
    }
  })
}

/** Pushes whether the subject in a local is strictly equal to a test of its type. */
function pushSame(f: FuncLowering, subject: number, test: Expr): void {
  const { c } = f
  c.get(subject)
  f.value(test)
  switch (test.type.kind) {
    case 'f64':
      c.op('f64.eq')
      return
    case 'bool':
      c.op('i32.eq')
      return
    case 'string':
      c.call(equalTexts(f.m))
      return
    default:
      if (optionalOf(test.type)) box(f.m, c, test.type)
      c.call(equalBoxes(f.m))
  }
}
