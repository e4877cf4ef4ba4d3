import { ANY, eachNode, eachStmt, F64, isExpr, type Expr, type Stmt } from '../../../src/ir/index.ts'
import { rewriteBody } from '../shrink/rewrite.ts'
import { changeModule, isLeaf, make, type FuncSite, type Mutate, type SeededBug, type StmtChange } from './mutation.ts'

type Of<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>

/** A defect in the lowering of one kind of statement. */
function wrongStmt<K extends Stmt['kind']>(kind: K, change: (stmt: Of<K>, site: FuncSite) => readonly Stmt[]): Mutate {
  const on: StmtChange = (stmt, site) => (stmt.kind === kind ? change(stmt as Of<K>, site) : [stmt])
  return (module) => changeModule(module, undefined, on)
}

const read = (at: Expr, local: number): Expr => ({ kind: 'local', local, type: at.type, span: at.span })
const set = (at: Expr | Stmt, local: number, value: Expr): Stmt => ({ kind: 'set', local, value, span: at.span })

/** Binary operations whose second operand is evaluated first. */
function rightFirst(e: Expr, site: FuncSite): Expr {
  if (e.kind !== 'op' || e.args.length !== 2 || e.args.some((arg) => arg.kind === 'const')) return e
  const [left, right] = e.args as [Expr, Expr]
  // A local without a default value must not be read before it is set, which is so on every path here.
  const [a, b] = [site.local(left.type), site.local(right.type)]
  const body = [set(e, b, right), set(e, a, left)]
  return { kind: 'seq', body, value: { ...e, args: [read(left, a), read(right, b)] }, type: e.type, span: e.span }
}

/** Locals are read when an operation is done, not when they are evaluated as its operands. */
function lateRead(e: Expr, site: FuncSite): Expr {
  if (e.kind !== 'op' || e.args.length !== 2) return e
  const [left, right] = e.args as [Expr, Expr]
  if (left.kind !== 'local' || isLeaf(right)) return e
  const held = site.local(right.type)
  const value: Expr = { ...e, args: [left, read(right, held)] }
  return { kind: 'seq', body: [set(e, held, right)], value, type: e.type, span: e.span }
}

/** Both branches are evaluated. */
function eager(e: Expr, site: FuncSite): Expr {
  if (e.kind !== 'cond' || isLeaf(e.then)) return e
  const held = site.local(e.type)
  const value: Expr = { ...e, then: read(e, held) }
  return { kind: 'seq', body: [set(e, held, e.then)], value, type: e.type, span: e.span }
}

/** The length of a list is read once, before the loop. */
function hoistedLength(loop: Of<'loop'>, site: FuncSite): readonly Stmt[] {
  const { test } = loop
  if (test?.kind !== 'op') return [loop]
  const at = test.args.findIndex(
    (arg) => arg.kind === 'op' && arg.op === 'array.length' && arg.args[0]!.kind === 'local',
  )
  if (at < 0) return [loop]
  const length = test.args[at]!
  const held = site.local(F64)
  return [set(loop, held, length), { ...loop, test: { ...test, args: test.args.with(at, read(length, held)) } }]
}

export const CONTROL_BUGS: readonly SeededBug[] = [
  {
    name: 'the second operand is evaluated first',
    area: 'control',
    mutate: (module) => changeModule(module, rightFirst),
  },
  { name: 'locals are read late', area: 'control', mutate: (module) => changeModule(module, lateRead) },
  {
    name: 'both branches of a condition are evaluated',
    area: 'control',
    mutate: (module) => changeModule(module, eager),
  },
  {
    name: 'cases do not fall through',
    area: 'control',
    mutate: wrongStmt('switch', (s) => [
      {
        ...s,
        cases: s.cases.map((c) => ({ ...c, body: [...c.body, { kind: 'break', label: s.label, span: s.span }] })),
      },
    ]),
  },
  {
    name: 'the default is taken for the last case',
    area: 'control',
    mutate: wrongStmt('switch', (s) => {
      const at = s.cases.findIndex((c) => !c.test)
      return at < 0 || at === s.cases.length - 1 ? [s] : [{ ...s, cases: [...s.cases.toSpliced(at, 1), s.cases[at]!] }]
    }),
  },
  {
    name: 'the last of two equal cases is taken',
    area: 'control',
    mutate: wrongStmt('switch', (s) => {
      const values = s.cases.map(({ test }) => (test?.kind === 'const' ? test.value : test))
      const at = values.findIndex((value, i) => value !== undefined && values.indexOf(value, i + 1) > 0)
      return at < 0 ? [s] : [{ ...s, cases: s.cases.toSpliced(at, 1) }]
    }),
  },
  {
    name: 'continue leaves the loop',
    area: 'control',
    mutate: wrongStmt('continue', ({ label, span }) => [{ kind: 'break', label, span }]),
  },
  {
    name: 'do-while tests first',
    area: 'control',
    mutate: wrongStmt('loop', (s) => (s.post ? [{ ...s, post: false }] : [s])),
  },
  {
    name: 'else is left out',
    area: 'control',
    mutate: wrongStmt('if', (s) => (s.else.length > 0 ? [{ ...s, else: [] }] : [s])),
  },
  {
    name: 'break out of several loops leaves the innermost',
    area: 'control',
    mutate: wrongStmt('loop', (s) => [{ ...s, body: breaksTo(s.body, s.label) }]),
  },
  { name: 'the length of a list is read before the loop', area: 'control', mutate: wrongStmt('loop', hoistedLength) },
  {
    name: 'the update is left out in the first round',
    area: 'control',
    mutate: wrongStmt('loop', (s, site) => {
      if (s.update.length === 0 || s.update.some((inner) => inner.kind !== 'set')) return [s]
      const held = site.local({ kind: 'bool' })
      const at = s.update[0]!
      const isLater: Expr = { kind: 'local', local: held, type: { kind: 'bool' }, span: at.span }
      const later = set(at, held, { kind: 'const', value: true, type: { kind: 'bool' }, span: at.span })
      const guarded: Stmt = { kind: 'if', test: isLater, then: s.update, else: [], span: at.span }
      return [{ ...s, update: [guarded, later] }]
    }),
  },
]

/** Breaks to labels outside of a loop lead to its own. */
function breaksTo(body: readonly Stmt[], label: number): readonly Stmt[] {
  const own = new Set([...eachStmt(body)].flatMap((stmt) => ('label' in stmt && !isJump(stmt) ? [stmt.label] : [])))
  return rewriteBody(body, {
    stmts: (list) => list.map((stmt) => (stmt.kind === 'break' && !own.has(stmt.label) ? { ...stmt, label } : stmt)),
  })
}

const isJump = (stmt: Stmt): boolean => stmt.kind === 'break' || stmt.kind === 'continue'

/** Whether statements can stand twice in a function: labels could not. */
const isPlain = (body: readonly Stmt[]): boolean =>
  [...eachNode(body)].every((node) => isExpr(node) || !('label' in node))

/** The finally is done where the body ends or throws, but on no other way out. */
function finallyWithoutJumps(s: Of<'try'>, site: FuncSite): readonly Stmt[] {
  const last = s.finally
  if (!last || s.catch || !isPlain(last)) return [s]
  const local = site.local(ANY)
  const again: Stmt = { kind: 'throw', value: { kind: 'local', local, type: ANY, span: s.span }, span: s.span }
  const { kind, body, span } = s
  return [{ kind, body, catch: { local, body: [...last, again] }, span }, ...last]
}

/** The catch sees locals as they were before the body. */
function staleCatch(s: Of<'try'>, site: FuncSite): readonly Stmt[] {
  if (!s.catch) return [s]
  const sets = [...eachStmt(s.body)].flatMap((stmt) =>
    stmt.kind === 'set' && stmt.value.type.kind === 'f64' ? [stmt] : [],
  )
  if (sets.length === 0) return [s]
  const saved: Stmt[] = []
  const restored: Stmt[] = []
  for (const local of new Set(sets.map((stmt) => stmt.local))) {
    const held = site.local(F64)
    const at = s.span
    saved.push({ kind: 'set', local: held, value: { kind: 'local', local, type: F64, span: at }, span: at })
    restored.push({ kind: 'set', local, value: { kind: 'local', local: held, type: F64, span: at }, span: at })
  }
  return [...saved, { ...s, catch: { ...s.catch, body: [...restored, ...s.catch.body] } }]
}

export const EXCEPTION_BUGS: readonly SeededBug[] = [
  {
    name: 'finally is left out',
    area: 'exceptions',
    mutate: wrongStmt('try', ({ finally: last, ...s }) =>
      last && s.catch ? [s] : [{ ...s, ...(last && { finally: last }) }],
    ),
  },
  {
    name: 'finally is left out on break, continue and return',
    area: 'exceptions',
    mutate: wrongStmt('try', finallyWithoutJumps),
  },
  {
    name: 'a catch forgets its value',
    area: 'exceptions',
    mutate: wrongStmt('try', (s) => {
      if (!s.catch) return [s]
      const { local, body } = s.catch
      const none: Expr = { kind: 'const', value: undefined, type: { kind: 'undefined' }, span: s.span }
      return [{ ...s, catch: { local, body: [set(s, local, make(none, 'dyn.box', ANY, [none], [ANY])), ...body] } }]
    }),
  },
  {
    name: 'leaving in a finally does not override',
    area: 'exceptions',
    mutate: wrongStmt('try', (s) => {
      const last = s.finally?.filter((inner) => !['return', 'break', 'continue', 'throw'].includes(inner.kind))
      return s.finally && last!.length < s.finally.length ? [{ ...s, finally: last! }] : [s]
    }),
  },
  { name: 'a catch sees locals as they were before', area: 'exceptions', mutate: wrongStmt('try', staleCatch) },
  {
    name: 'what a catch throws goes to the same catch',
    area: 'exceptions',
    mutate: wrongStmt('try', (s, site) => {
      if (!s.catch || s.finally) return [s]
      // Once more, with what was thrown first forgotten.
      const local = site.local(ANY)
      return [{ kind: 'try', body: [s], catch: { local, body: [] }, span: s.span }]
    }),
  },
]
