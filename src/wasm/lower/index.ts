import { closureType, type Module } from '../../ir/index.ts'
import { Code, refNull } from '../encoder/index.ts'
import type { KeyOrders } from '../layout/key-orders.ts'
import { CLOSURE_CAPTURES } from '../layout/struct-fields.ts'
import { type ContainerType } from '../layout/types.ts'
import { exportBoundary, exportEntry } from './boundary.ts'
import { exportCounters } from './charges.ts'
import { lowerExpression } from './expressions.ts'
import { FuncLowering, type Parts } from './func.ts'
import { callFromHelper, ModuleLowering, type Assignment, type LowerOptions } from './module.ts'
import { Positions, type Mark } from './positions.ts'
import { lowerStatements } from './statements.ts'

/** A module in the binary format of WebAssembly, and what the host must know to run it. */
export type Lowered = {
  readonly module: Module
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly positions: Positions
  /** Whether the module imports a memory, for its anchors. */
  readonly needsMemory: boolean
  /** Constant strings, which the host passes as globals by number. */
  readonly strings: readonly string[]
  /** Texts that failing code names by number. */
  readonly names: readonly string[]
  readonly errorKinds: readonly string[]
  readonly assignments: readonly Assignment[]
  readonly operations: readonly string[]
  readonly orders: KeyOrders
  /** Types of arrays and tuples, by the number that `explode` gives them. */
  readonly containers: readonly ContainerType[]
}

const PARTS: Parts = { statements: lowerStatements, expression: lowerExpression }

/** Name of the exported function that runs the top level of a module; entries are `entry N`. */
export const INIT_EXPORT = 'init'

/**
 * Lowers a checked module. `cyclic`: the functions on call cycles, whose calls count.
 * spec: fuel
 */
export function lowerModule(module: Module, cyclic: ReadonlySet<number>, options: LowerOptions): Lowered {
  const m = new ModuleLowering(module, cyclic, options)
  for (const index of module.funcs.keys()) lowerFunction(m, index)
  exportEntry(m, INIT_EXPORT, module.init, [], module.funcs[module.init]!.result)
  module.entries.forEach(({ func, params, result }, i) => exportEntry(m, `entry ${i}`, func, params, result))
  exportBoundary(m)
  exportCounters(m)
  for (let func = m.takePendingClosure(); func !== undefined; func = m.takePendingClosure()) lowerThunk(m, func)
  const { bytes, places } = m.writer.finish()
  const byFunc = new Map(m.marked.map((marked) => [marked.func, marked]))
  const ordered = places.map(({ func }) => byFunc.get(func) ?? { func, name: undefined, marks: [] })
  return {
    module,
    bytes,
    needsMemory: m.handled.size > 0,
    positions: new Positions(
      places.map(({ start }) => start),
      ordered,
    ),
    strings: m.strings,
    names: m.names,
    errorKinds: m.errorKinds,
    assignments: m.assignments,
    operations: m.imports.operations,
    orders: m.orders,
    containers: m.types.containers.map(({ type }) => type),
  }
}

function lowerFunction(m: ModuleLowering, index: number): void {
  const f = new FuncLowering(m, index, PARTS)
  if (m.cyclic.has(index)) countCall(f)
  f.statements(f.func.body)
  // Every path has left by now; the host does not know that.
  f.c.op('unreachable')
  const type = m.writer.funcType(m.paramTypes(index), m.types.valTypes([f.func.result]))
  m.writer.setFunc(m.func(index), { type, name: f.func.name, code: f.c })
  m.marked.push({ func: m.func(index), name: f.func.name, marks: f.marks })
}

/** A call on a call cycle costs fuel and depth; without fuel for it, fuel is what ended the run. spec: fuel#depth */
function countCall(f: FuncLowering): void {
  const { c } = f
  const { fuel, depthHigh } = f.m.global
  if (f.m.options.charges) {
    c.globalGet(fuel).op('i64.eqz').rarely().if()
    f.fail('failCallFuel')
    c.end()
  }
  c.get(f.depth!).i32(1).op('i32.add').tee(f.depth!).globalGet(depthHigh).op('i32.gt_s').rarely().if()
  c.get(f.depth!)
  f.service('deepen')
  c.end()
  if (f.m.options.charges) c.globalGet(fuel).i64(1n).op('i64.sub').globalSet(fuel)
}

/** What a closure points to: takes the captures out of it, and calls the function. */
function lowerThunk(m: ModuleLowering, index: number): void {
  const func = m.module.funcs[index]!
  const type = closureType(func)
  const { code } = m.types.signature(type)
  const { thunk, struct } = m.closure(index)
  const params = m.types.valTypes(type.params)
  const c = new Code(2 + params.length)
  if (m.takesDepth.has(index)) c.get(1)
  params.forEach((_, i) => c.get(2 + i))
  const captures = m.types.valTypes(func.captures.map((local) => local.type))
  if (captures.length > 0) {
    const self = c.local(refNull(struct))
    c.get(0).refOp('ref.cast', struct).set(self)
    captures.forEach((_, i) => c.get(self).gc('struct.get', struct, CLOSURE_CAPTURES + i))
  }
  const marks: Mark[] = []
  if (m.handled.has(index)) callFromHelper(m, c, marks, m.func(index))
  else c.call(m.func(index))
  m.writer.setFunc(thunk, { type: code, name: `${func.name} closure`, code: c })
  m.marked.push({ func: thunk, name: undefined, marks })
}
