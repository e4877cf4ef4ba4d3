import { completes } from '../completes.ts'
import type { HExpr, HStmt } from '../hir.ts'
import { takeApart, unless } from './expressions.ts'
import { fitExits, giveBack, goOn, NORMAL, openFinally, THROW } from './exits.ts'
import { assign, letOf, nothing, number, read, type Machine } from './machine.ts'
import { hasYield } from './yields.ts'

/** Adds statements to a machine; those that yield are taken apart into states, the others stay as they are. */
export function addStatements(m: Machine, body: readonly HStmt[]): void {
  for (const s of body) addStatement(m, s)
}

/** The code of a function; at its end it gives undefined, if that can be reached. */
export function addBody(m: Machine, body: readonly HStmt[]): void {
  const { span } = m
  addStatements(m, body)
  if (completes(body)) m.add(...m.driver.finish(m, nothing(span)))
  else m.add({ kind: 'return', value: { kind: 'const', value: true, span }, span })
}

function addStatement(m: Machine, s: HStmt): void {
  if (s.kind === 'let' || s.kind === 'hoist') m.keep(s.v)
  if (!hasYield(s)) return m.add(...fitExits(m, s))
  switch (s.kind) {
    case 'let':
      return m.add({ ...s, init: s.init && takeApart(m, s.init) })
    case 'expr':
      return m.add({ ...s, expr: takeApart(m, s.expr) })
    case 'return':
      return m.add(...giveBack(m, takeApart(m, s.value as HExpr)))
    case 'throw':
      return m.add({ ...s, value: takeApart(m, s.value) })
    case 'if':
      return addIf(m, s)
    case 'loop':
      return addLoop(m, s)
    case 'forOf':
      return addStatements(m, s.walk.listed ? s.walk.plain : s.walk.closing)
    case 'block':
      return addBlock(m, s)
    case 'switch':
      return addSwitch(m, s)
    case 'try':
      return s.finalizer ? addFinally(m, s, s.finalizer) : addTry(m, s)
    default:
      return m.add(s)
  }
}

function addIf(m: Machine, s: HStmt & { kind: 'if' }): void {
  const [otherwise, after] = [m.state(), m.state()]
  m.add(unless(takeApart(m, s.test), m.jump(otherwise)))
  addStatements(m, s.then)
  m.add(...m.jump(after))
  m.place(otherwise)
  addStatements(m, s.else)
  m.place(after)
}

/** The code of a statement that `break` and `continue` of its label leave. */
function within(m: Machine, label: number, breakTo: number, continueTo: number | null, add: () => void): void {
  m.contexts.push({ kind: 'label', label, breakTo, continueTo })
  add()
  m.contexts.pop()
}

function addLoop(m: Machine, s: HStmt & { kind: 'loop' }): void {
  const [head, next, after] = [m.state(), m.state(), m.state()]
  m.place(head)
  if (s.test && !s.post) m.add(unless(takeApart(m, s.test), m.jump(after)))
  within(m, s.label, after, next, () => addStatements(m, s.body))
  m.place(next)
  for (const v of s.fresh) m.add({ kind: 'renew', v, span: s.span })
  addStatements(m, s.update)
  if (s.test && s.post) m.add(unless(takeApart(m, s.test), m.jump(after)))
  m.add(...m.jump(head))
  m.place(after)
}

function addBlock(m: Machine, s: HStmt & { kind: 'block' }): void {
  const after = m.state()
  within(m, s.label, after, null, () => addStatements(m, s.body))
  m.place(after)
}

/** Tests in their order, then the bodies, each of which leads on to the next. */
function addSwitch(m: Machine, s: HStmt & { kind: 'switch' }): void {
  const after = m.state()
  const subject = m.spill(takeApart(m, s.subject))
  const states = s.cases.map(() => m.state())
  s.cases.forEach((c, i) => {
    if (!c.test) return
    const test: HExpr = { kind: 'binary', op: '===', a: subject, b: takeApart(m, c.test), span: c.test.span }
    m.add({ kind: 'if', test, then: m.jump(states[i] as number), else: [], span: c.test.span })
  })
  const otherwise = states[s.cases.findIndex((c) => !c.test)]
  m.add(...m.jump(otherwise ?? after))
  within(m, s.label, after, null, () =>
    s.cases.forEach((c, i) => {
      m.place(states[i] as number)
      addStatements(m, c.body)
    }),
  )
  m.place(after)
}

/** Adds code of which `handler` handles what is thrown. */
function guarded(m: Machine, handler: number, add: () => void): void {
  const outer = m.handling
  m.catches = true
  m.handling = handler
  m.place(m.state())
  add()
  m.handling = outer
}

function addTry(m: Machine, s: HStmt & { kind: 'try' }): void {
  const { handler } = s
  if (!handler) return addStatements(m, s.body)
  const [caught, after] = [m.state(), m.state()]
  guarded(m, caught, () => {
    addStatements(m, s.body)
    m.add(...m.jump(after))
  })
  m.place(caught)
  if (handler.param) {
    m.keep(handler.param)
    m.add(letOf(handler.param, read(m.failure(), s.span)))
  }
  addStatements(m, handler.body)
  m.place(after)
}

/** The finalizer is one state, entered with how the code before it ended. */
function addFinally(m: Machine, s: HStmt & { kind: 'try' }, finalizer: readonly HStmt[]): void {
  const [failed, state] = [m.state(), m.state()]
  const context = openFinally(m, state)
  const error = m.temp('error', true)
  guarded(m, failed, () => {
    m.contexts.push(context)
    addTry(m, s)
    m.contexts.pop()
    m.add(assign(context.completion, number(NORMAL, s.span)), ...m.jump(state))
  })
  m.place(failed)
  m.add(assign(error, read(m.failure(), s.span)), assign(context.completion, number(THROW, s.span)))
  m.place(state)
  addStatements(m, finalizer)
  goOn(m, context, read(error, s.span))
}
