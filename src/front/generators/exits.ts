import type { HExpr, HStmt } from '../hir.ts'
import { assign, letOf, nothing, number, read, type Context, type Machine } from './machine.ts'

/** How a `finally` was entered (a completion record, ECMA-262 6.2.4); numbers from EXIT on are jumps. */
export const NORMAL = 0
export const THROW = 1
const RETURN = 2
const EXIT = 3

/** `return value` in the code of a generator: through every `finally` on the way. */
export function giveBack(m: Machine, value: HExpr): HStmt[] {
  const passed = m.contexts.findLast((c) => c.kind === 'finally')
  if (passed?.kind !== 'finally') return m.driver.finish(m, value)
  return [assign(passed.value, value), ...enter(m, passed, RETURN)]
}

const enter = (m: Machine, passed: Context & { kind: 'finally' }, completion: number): HStmt[] => [
  assign(passed.completion, number(completion, m.span)),
  ...m.jump(passed.state),
]

/** `break` or `continue` to a label of a statement that is taken apart; undefined for any other label. */
function leave(m: Machine, kind: 'break' | 'continue', label: number): HStmt[] | undefined {
  const at = m.contexts.findLastIndex((c) => c.kind === 'label' && c.label === label)
  const target = m.contexts[at]
  if (target?.kind !== 'label') return undefined
  const passed = m.contexts.findLast((c, i) => i > at && c.kind === 'finally')
  if (passed?.kind === 'finally') return enter(m, passed, EXIT + passed.exits.push({ kind, label }) - 1)
  return m.jump(kind === 'continue' ? (target.continueTo ?? target.breakTo) : target.breakTo)
}

/** A statement without yields, with what leaves it made to fit the machine. */
export function fitExits(m: Machine, s: HStmt): HStmt[] {
  return new Fitting(m).statement(s)
}

/** The parts of a loop are named several times: in its walks. Each is made once. */
class Fitting {
  readonly #m: Machine
  readonly #made = new Map<HStmt, HStmt[]>()

  constructor(m: Machine) {
    this.#m = m
  }

  statement(s: HStmt): HStmt[] {
    const known = this.#made.get(s)
    if (known) return known
    const made = this.#fit(s)
    this.#made.set(s, made)
    return made
  }

  #list(body: readonly HStmt[]): HStmt[] {
    return body.flatMap((s) => this.statement(s))
  }

  #fit(s: HStmt): HStmt[] {
    switch (s.kind) {
      case 'return':
        return giveBack(this.#m, s.value ?? nothing(s.span))
      case 'break':
      case 'continue':
        return leave(this.#m, s.kind, s.label) ?? [s]
      case 'if':
        return [{ ...s, then: this.#list(s.then), else: this.#list(s.else) }]
      case 'loop':
        return [{ ...s, body: this.#list(s.body), update: this.#list(s.update) }]
      case 'forOf': {
        const walk = { ...s.walk, plain: this.#list(s.walk.plain), closing: this.#list(s.walk.closing) }
        return [{ ...s, body: this.#list(s.body), walk }]
      }
      case 'block':
        return [{ ...s, body: this.#list(s.body) }]
      case 'switch':
        return [{ ...s, cases: s.cases.map((c) => ({ ...c, body: this.#list(c.body) })) }]
      case 'try':
        return [
          {
            ...s,
            body: this.#list(s.body),
            handler: s.handler && { ...s.handler, body: this.#list(s.handler.body) },
            finalizer: s.finalizer && this.#list(s.finalizer),
          },
        ]
      default:
        return [s]
    }
  }
}

/** Goes on after a finalizer as it was entered. */
export function goOn(m: Machine, done: Context & { kind: 'finally' }, error: HExpr): void {
  const { span } = m
  const when = (completion: number, then: HStmt[]): HStmt => ({
    kind: 'if',
    test: { kind: 'binary', op: '===', a: read(done.completion, span), b: number(completion, span), span },
    then,
    else: [],
    span,
  })
  m.add(when(THROW, [{ kind: 'throw', value: error, span }]))
  m.add(when(RETURN, giveBack(m, read(done.value, span))))
  for (const [i, { kind, label }] of done.exits.entries()) m.add(when(EXIT + i, leave(m, kind, label) ?? []))
}

/** The variables of one `finally`. */
export function openFinally(m: Machine, state: number): Context & { kind: 'finally' } {
  const completion = m.temp('completion', true)
  const value = m.temp('result', true)
  m.add(letOf(completion, number(NORMAL, m.span)), letOf(value, nothing(m.span)))
  return { kind: 'finally', state, completion, value, exits: [] }
}
