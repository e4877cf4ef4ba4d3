import type { Span } from '../../base/index.ts'
import type { HExpr, HStmt, HVar, Walk } from '../hir.ts'
import { exprStmt, letStmt, makeTemp, readVar, type Place } from './state.ts'

/** The variables that a walk over an iterable needs. */
export function walkVariables(p: Place, span: Span): Walk {
  const index = { ...makeTemp(p, 'index', span), assigned: true }
  return { source: makeTemp(p, 'iterator', span), index, step: makeTemp(p, 'step', span) }
}

type Loop = {
  readonly label: number
  readonly v: HVar
  readonly iterable: HExpr
  readonly body: readonly HStmt[]
  /** The checker takes the iterable for an array or a string. */
  readonly listed: boolean
  readonly span: Span
}

/** for-of written out, in terms of what each kind of iterable does (ECMA-262 14.7.5.6). */
export function forOf(p: Place, loop: Loop): HStmt {
  const { label, v, iterable, body, listed, span } = loop
  const walk = walkVariables(p, span)
  const call = caller(span)
  const [source, step, index] = [walk.source, walk.step, walk.index].map((w) => readVar(w, span)) as HExpr[] as [
    HExpr,
    HExpr,
    HExpr,
  ]
  const round: HStmt[] = [
    letStmt(walk.step, call('@@next', source)),
    assign(walk.index, call('@@after', source, index)),
    { kind: 'if', test: call('@@done', source, step, index), then: [{ kind: 'break', label, span }], else: [], span },
    letStmt(v, call('@@value', source, step, index)),
  ]
  const start = [
    letStmt(walk.source, call(listed ? '@@openList' : '@@open', iterable)),
    letStmt(walk.index, { kind: 'const', value: -1, span }),
  ]
  const loopOver = (statements: HStmt[]): HStmt => ({
    kind: 'loop',
    label,
    test: null,
    post: false,
    body: statements,
    update: [],
    fresh: [],
    span,
  })
  const plain = [...start, loopOver([...round, ...body])]
  const closing = [...start, ...closed(p, source, span, (opened, done) => loopOver([done, ...round, opened, ...body]))]
  return { kind: 'forOf', label, v, iterable, body, walk: { iterator: walk.source, plain, closing, listed }, span }
}

/** A loop that closes its iterator when it is left between `opened` and `done`; what closing throws gives way to what was thrown before. */
function closed(p: Place, source: HExpr, span: Span, loop: (opened: HStmt, done: HStmt) => HStmt): HStmt[] {
  const open = { ...makeTemp(p, 'open', span), assigned: true }
  const error = makeTemp(p, 'error', span)
  const set = (value: boolean): HStmt => assign(open, { kind: 'const', value, span })
  const whenOpen = (then: HStmt[]): HStmt => ({ kind: 'if', test: readVar(open, span), then, else: [], span })
  const call = caller(span)
  const quietly: HStmt = {
    kind: 'try',
    body: [exprStmt(call('@@closeQuietly', source))],
    handler: { param: null, body: [] },
    finalizer: null,
    span,
  }
  const handler = {
    param: error,
    body: [whenOpen([set(false), quietly]), { kind: 'throw', value: readVar(error, span), span } as const],
  }
  const finalizer = [whenOpen([exprStmt(call('@@close', source))])]
  return [
    letStmt(open, { kind: 'const', value: false, span }),
    { kind: 'try', body: [loop(set(true), set(false))], handler, finalizer, span },
  ]
}

/** `for await` written out: every result is waited for, and so is what closing gives (ECMA-262 14.7.5.6). */
export function forAwait(p: Place, loop: Loop): HStmt[] {
  const { label, v, iterable, body, span } = loop
  const call = caller(span)
  const [iterator, step, error] = ['iterator', 'step', 'error'].map((name) => makeTemp(p, name, span)) as [
    HVar,
    HVar,
    HVar,
  ]
  const open = { ...makeTemp(p, 'open', span), assigned: true }
  const source = readVar(iterator, span)
  const wait = (value: HExpr): HExpr => ({ kind: 'yield', value, walk: null, awaits: true, span })
  const part = (name: string): HExpr => ({ kind: 'get', obj: readVar(step, span), name, span })
  const set = (value: boolean): HStmt => assign(open, { kind: 'const', value, span })
  const when = (test: HExpr, then: HStmt[]): HStmt => ({ kind: 'if', test, then, else: [], span })
  const round: HStmt[] = [
    set(false),
    letStmt(step, call('@@result', wait(call('@@nextAsync', source)))),
    when(part('done'), [{ kind: 'break', label, span }]),
    letStmt(v, part('value')),
    set(true),
  ]
  const rounds: HStmt = {
    kind: 'loop',
    label,
    test: null,
    post: false,
    body: [...round, ...body],
    update: [],
    fresh: [],
    span,
  }
  const closing = wait(call('@@closeAsync', source))
  const quietly: HStmt = {
    kind: 'try',
    body: [when(call('@@closesAsync', source), [exprStmt(closing)])],
    handler: { param: null, body: [] },
    finalizer: null,
    span,
  }
  const failed: HStmt[] = [
    when(readVar(open, span), [set(false), quietly]),
    { kind: 'throw', value: readVar(error, span), span },
  ]
  const left = when(readVar(open, span), [
    when(call('@@closesAsync', source), [exprStmt(wait(call('@@closeAsync', source)))]),
  ])
  return [
    letStmt(iterator, call('@@openAsync', iterable)),
    letStmt(open, { kind: 'const', value: false, span }),
    { kind: 'try', body: [rounds], handler: { param: error, body: failed }, finalizer: [left], span },
  ]
}

const assign = (v: HVar, value: HExpr): HStmt => exprStmt({ kind: 'assign', v, value, span: value.span })

const caller =
  (span: Span) =>
  (name: string, ...args: HExpr[]): HExpr => ({
    kind: 'builtin',
    name,
    args: args.map((value) => ({ kind: 'item', value })),
    span,
  })
