import { F64, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emitReceiver } from '../emit/access.ts'
import { emit } from '../emit/expressions.ts'
import { appendElements } from '../emit/literals.ts'
import { toldResult } from '../emit/told.ts'
import { coerce, op, seq, setLocal, undef } from '../emit/make.ts'
import { isCalled, withCallbacks } from './callbacks.ts'
import type { HExpr } from '../hir.ts'
import { NUM, type Kinds } from '../kinds.ts'
import type { Instance } from '../flow/instance.ts'
import { spreadInto } from '../flow/expressions.ts'
import { noteHosted } from '../flow/self.ts'
import { passedParams, Slot } from '../flow/slots.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'

/** The instance of a prelude function that one use calls. */
function instanceOf(use: FlowUse, name: string): Instance {
  const func = use.a.program.prelude.get(name)
  return use.inst.once(use.at, `prelude ${name}`, () => use.a.instanceFor(use.inst, func, use.at))
}

/** Values flow into the parameters of a prelude function, and its result out. */
export function flowPrelude(use: FlowUse, name: string, values: readonly Slot[]): void {
  const { fn, func } = instanceOf(use, name)
  use.inst.noteCall(use.at, fn)
  use.inst.once(use.at, `prelude call ${name}`, () => {
    use.a.solver.edge(fn.root().result, use.out)
    values.forEach((value, i) => use.a.solver.edge(value, use.a.solver.param(fn, i)))
    use.a.solver.noteArgs(fn, values.length)
    // Beside a function stands what it is called on.
    if (values.length > func.params.length) for (const value of values) noteHosted(use.a, value)
  })
}

/** A call of the instance that the analysis made for this use. */
export function callPrelude(c: FunctionContext, at: HExpr, name: string, values: readonly Expr[]): Expr {
  const func = c.program.analysis.program.prelude.get(name)
  const target = c.inst.once(at, `prelude ${name}`, (): Instance => {
    throw new Error(`no instance of ${name} was analysed here`)
  })
  const call = (given: readonly Expr[]): Expr => {
    const args = passedParams(target.fn).map((slot, i) => coerce(given[i] ?? undef(at.span), c.type(slot)))
    const type = c.type(target.fn.root().result)
    return toldResult(c, { kind: 'call', func: c.program.funcIndex(target), args, type, span: at.span }, target.fn)
  }
  return withCallbacks(c, at, func, values, call)
}

/** A method that is a prelude function of the receiver and the arguments as they come. */
export function preludeRow(name: string): Row {
  return {
    flow: (use) => flowPrelude(use, name, use.at.kind === 'builtin' ? use.slots : [use.self, ...use.slots]),
    emit: ({ c, at, args, self }) => {
      const first = at.kind === 'builtin' ? [] : [self]
      const isCallback = (i: number): boolean => isCalled(c, name, first.length + i)
      const values = args.map(({ value }, i) => (isCallback(i) ? emitReceiver(c, value) : emit(c, value)))
      return callPrelude(c, at, name, [...first, ...values])
    },
  }
}

/** A function that is a prelude function of one list of all arguments, some of them spread. */
export const collectingRow = (name: string): Row => ({
  flow: (use) => flowPrelude(use, name, [collected(use)]),
  emit: ({ c, at, args }) => callPrelude(c, at, name, [collect(c, at, args)]),
})

/** All arguments, some of them spread, as one array: of numbers, where nothing else is said. */
export function collected(use: FlowUse, kinds: Kinds = NUM): Slot {
  return use.inst.once(use.at, 'collected', () => {
    const node = use.inst.newArray(use.at, 'collected array')
    use.a.solver.addKinds(node.elem, kinds)
    use.args.forEach((arg, i) => {
      const slot = use.slots[i] as Slot
      if (arg.kind === 'spread') spreadInto(use.a, slot, node.elem)
      else use.a.solver.edge(slot, node.elem)
    })
    const slot = use.inst.once(use.at, 'collected slot', () => new Slot())
    use.a.solver.addArr(slot, node)
    return slot
  })
}

export function collect(c: FunctionContext, at: HExpr, args: EmitUse['args']): Expr {
  const type = c.program.types.array(c.inst.newArray(at, 'collected array'))
  const elem = type.kind === 'array' ? type.elem : F64
  const array = c.local('', type)
  const made = setLocal(array, op('array.new', [], type, at.span, [elem]))
  return seq([made, ...appendElements(c, c.get(array, at.span), elem, args, true)], c.get(array, at.span))
}
