import {
  ErrorInstance,
  extentOf,
  hypot,
  joinElements,
  Limited,
  looseEquals,
  newInstance,
  parseJson,
  orderOf,
  sortKeys,
  stringify,
  Thrown,
  toNumber,
  toText,
  Trapped,
  UNSET,
  visibleFields,
  HOST_OPERATIONS,
  type HostOp,
  type Instance,
} from '../../values/index.ts'
import {
  ANY,
  arrayOf,
  bigintLength,
  JSON_VALUE,
  opRow,
  type ConsoleMethod,
  type OpName,
  type Type,
} from '../../ir/index.ts'
import type { ServiceName } from '../lower/imports.ts'
import { SENTINEL } from '../layout/values.ts'
import { flatten } from './flatten.ts'
import { Lifter, unboxScalar } from './lift.ts'
import { Failed, type WasmRun } from './run.ts'
import { captureTrace, type Trace } from './trace.ts'

type HostFunction = (...args: never[]) => unknown

/** Levels that JSON text may have, and some that it may not. */
const JSON_DEPTH = 2_002

const ANY_LIST: Type = arrayOf(ANY)

/** What compiled code asks of a run, see `SERVICES` in lower/imports.ts. */
export function hostServices(run: WasmRun): { readonly [K in ServiceName]: HostFunction } {
  const raise = (kind: string, message: string): never => {
    throw run.raise(kind, message, captureTrace())
  }
  const required = (id: number, value: unknown): string =>
    run.compiled.names[id]!.replaceAll('%', value === SENTINEL.null ? 'null' : 'undefined')
  return {
    failFuel: () => fail(run.meter.outOfFuel()),
    failMemory: () => fail(new Limited('memory', 'out of memory')),
    failCallFuel: () => {
      throw new Failed(run.meter.outOfFuel(), captureTrace(), 'callee')
    },
    deepen: (depth: number) => failing(() => run.meter.deepen(depth), 'callee'),
    allocateMore: (bytes: number) => failing(() => run.meter.allocateMore(bytes)),
    captureTrace,
    raiseUnset: (id: number) =>
      raise('ReferenceError', `Cannot access '${run.compiled.names[id]}' before initialization`),
    raiseRequired: (value: unknown, id: number) => raise('TypeError', required(id, value)),
    raiseRequiredAt: (value: unknown, key: number, id: number) =>
      raise('TypeError', required(id, value).replaceAll('#', String(key))),
    raiseArrayLength: () => raise('RangeError', 'Invalid array length'),
    raiseStringLength: () => raise('RangeError', 'Invalid string length'),
    raiseTypedLength: (count: number) => refuseLength(count, (message) => raise('RangeError', message)),
    raiseBufferLength: (count: number) => refuseLength(count, () => raise('RangeError', 'Invalid array buffer length')),
    toInt32: (x: number) => x | 0,
    nextOrder: (order: number, field: number) => run.orders.with(order, field),
    orderAssigned: (to: number, from: number, id: number) => orderAssigned(run, to, from, id),
    keys: (object: unknown) => keysOf(new Lifter(run, 0).lift(object, ANY) as Instance),
    note: (list: object, object: object) => void run.notes.set(list, object),
    noted: (list: object) => run.notes.get(list) ?? null,
    giveNumber: (x: number) => void run.parts.push(x),
    giveValue: (x: unknown) => void run.parts.push(x),
    giveUnset: () => void run.parts.push(UNSET),
    takeNumber: () => run.supply[run.taken++],
    takeValue: () => run.supply[run.taken++],
    takeCount: () => run.supply[run.taken++],
    openList: (list: readonly unknown[]) => {
      run.supply = list
      run.taken = 0
      return list.length
    },
    startCall: (args: string, id: number) => failing(() => run.world.startCall(run.compiled.names[id]!, args)),
    cancelCall: (call: number) => run.world.cancelCall(call),
    log: (id: number, count: number) => {
      const given = run.parts.splice(run.parts.length - count)
      failing(() => writeLog(run, id, (lifter) => given.map((value) => lifter.lift(value, ANY))))
    },
    // Holes are undefined.
    logList: (id: number, list: unknown) =>
      failing(() => writeLog(run, id, (lifter) => [...(lifter.lift(list, ANY_LIST) as unknown[])])),
    join: (list: unknown, separator: string) =>
      failing(() => joinElements(run, new Lifter(run).lift(list, ANY_LIST) as unknown[], separator)),
    bigintLength: (x: bigint) => bigintLength(x),
    sameBigint: (a: unknown, b: unknown) => a === b,
    truthyBigint: Boolean,
    requireMemory: (bytes: number) => failing(() => run.requireMemory(bytes)),
    toNumber: (text: string) => Number(text),
    toText: String,
    roomForText: (units: number) => roomForText(run, units),
    openFields: (object: number, order: number) => {
      run.supply = visibleOf(run, object, order < 0 ? fieldsInOrder(run, object) : run.orders.fields(order))
      run.taken = 0
      return run.supply.length
    },
    identity: (key: object | bigint) => run.identities.of(key),
    sortKeys: (list: unknown) => sortKeys(new Lifter(run).lift(list, ANY_LIST) as string[]),
    hypot: (list: unknown) => hypot(new Lifter(run).lift(list, ANY_LIST) as number[]),
  }
}

/** What is no length is refused as Node does; what is one, but takes more than there may be, ends the run. */
function refuseLength(count: number, raise: (message: string) => never): never {
  if (Number.isSafeInteger(count) && count >= 0) fail(new Limited('memory', 'out of memory'))
  return raise(`Invalid typed array length: ${count}`)
}

function fail(failure: Limited | Trapped): never {
  throw new Failed(failure, captureTrace())
}

/** Runs what may end the run, and notes where. */
function failing<T>(work: () => T, innermost: 'running' | 'callee' = 'running'): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Limited || error instanceof Trapped) throw new Failed(error, captureTrace(), innermost)
    throw error
  }
}

/** `object.assign` between records: keys of the second that the first does not have yet come last, in their order. */
function orderAssigned(run: WasmRun, to: number, from: number, id: number): number {
  const { to: target, from: source, omitted } = run.compiled.assignments[id]!
  const { objects } = run.module
  const present = new Set(run.orders.fields(to))
  let order = to
  for (const field of visibleOf(run, source, run.orders.fields(from))) {
    if (omitted.includes(field)) continue
    const into = objects[target]!.fields.findLastIndex(({ name }) => name === objects[source]!.fields[field]!.name)
    if (into < 0 || present.has(into)) continue
    present.add(into)
    order = run.orders.with(order, into)
  }
  return order
}

/** Fields of a record as they are listed when its keys were set in an order. */
function visibleOf(run: WasmRun, object: number, fields: readonly number[]): readonly number[] {
  return visibleFields(blankInstance(run, object, fields))
}

const fieldsInOrder = (run: WasmRun, object: number): readonly number[] => [
  ...run.module.objects[object]!.fields.keys(),
]

/** Twice what is needed, as long as no limit of memory can be met by what the host does when it makes the same text. */
function roomForText(run: WasmRun, units: number): number {
  const most = Math.floor(run.limits.memory / BYTES_PER_UNIT_MAX)
  return units > most ? 0 : Math.min(most, Math.max(2 * units, TEXT_MIN))
}

const TEXT_MIN = 1024
const BYTES_PER_UNIT_MAX = 8

function blankInstance(run: WasmRun, object: number, fields: readonly number[]): Instance {
  const layout = run.layouts[object]!
  return newInstance(layout, orderOf(layout, fields), [], [])
}

function keysOf(object: Instance): string[] {
  return visibleFields(object).map((field) => object.layout.def.fields[field]!.name)
}

/** Calls a method of console with values that are lifted twice: first to see how much of them is shown. */
function writeLog(run: WasmRun, id: number, lifted: (lifter: Lifter) => readonly unknown[]): void {
  const method = run.compiled.names[id]! as ConsoleMethod
  const extent = extentOf(method, lifted(new Lifter(run, 1)))
  // Some levels that are not shown, so that it can be told that there is something.
  const values = lifted(new Lifter(run, extent.levels + 3))
  probeStack()
  run.log(method, values, extent)
}

/**
 * The host's inspect, JSON and the like do not fail when the stack ends but write that it did. So they are only called
 * when there is some left; otherwise this throws, as a call would.
 */
function probeStack(depth = STACK_PROBE): number {
  return depth === 0 ? 0 : 1 + probeStack(depth - 1)
}

const STACK_PROBE = 500

/** The operations that the host does, see lower/host-operations.ts. */
export function hostOperations(run: WasmRun, names: readonly string[]): { readonly [name: string]: HostFunction } {
  return Object.fromEntries(names.map((name) => [name, hostOperation(run, name as OpName)]))
}

function hostOperation(run: WasmRun, name: OpName): HostFunction {
  const lifted = (value: unknown, depth = Infinity): unknown =>
    typeof value === 'object' ? new Lifter(run, depth).lift(value, ANY) : unboxScalar(value)
  switch (name) {
    case 'dyn.loose_eq':
      return (a: unknown, b: unknown) => failing(() => looseEquals(run, lifted(a), lifted(b)))
    case 'dyn.to_string':
      return (value: unknown) => failing(() => toText(run, lifted(value)))
    case 'dyn.to_number':
      return (value: unknown) => {
        try {
          return toNumber(run, lifted(value))
        } catch (error) {
          throw translated(run, error)
        }
      }
    case 'json.parse':
      return (text: string) => supplyJson(run, text)
    case 'json.stringify':
      return (value: unknown, gap: string) => {
        probeStack()
        try {
          return stringify(run, lifted(value, JSON_DEPTH), gap) ?? null
        } catch (error) {
          throw translated(run, error)
        }
      }
    case 'random.next':
      return () => run.world.random()
    case 'clock.now':
      return () => run.world.now()
    case 'clock.elapsed':
      return () => run.world.elapsed()
    case 'effect.next':
      return () => run.world.nextCall(run.meter)
    case 'effect.answer':
      return (call: number) => run.world.answerOf(call)
    case 'string.relative_at':
      return (text: string, index: number) => text.at(index) ?? null
    default:
      return plainOperation(run, name as HostOp)
  }
}

/** Reads JSON text; compiled code then takes the value part by part. */
function supplyJson(run: WasmRun, text: string): null {
  const supply: unknown[] = []
  try {
    flatten(parseJson(run, text), JSON_VALUE, run.orders, supply)
  } catch (error) {
    throw translated(run, error)
  }
  run.supply = supply
  run.taken = 0
  return null
}

/** An operation on plain values of the host. What cannot fail in any way is called as it stands in the op table. */
function plainOperation(run: WasmRun, name: HostOp): HostFunction {
  const { throws, eval: meaning } = opRow(name)
  if (meaning && !throws && !BOUNDED.has(name)) return meaning
  const operation = HOST_OPERATIONS[name]
  const guarded = (a: never, b: never, c: never, d?: never): unknown => {
    try {
      return operation(a, b, c, d as never, undefined, run)
    } catch (error) {
      throw translated(run, error)
    }
  }
  if (!BOUNDED.has(name)) return guarded
  // Most texts have nothing to replace in them.
  return (text: string, search: string, replacement: string) =>
    text.includes(search) ? guarded(text as never, search as never, replacement as never, undefined as never) : text
}

/** Operations whose result may be far larger than their operands. */
const BOUNDED: ReadonlySet<OpName> = new Set(['string.replace', 'string.replace_all'])

/** What an operation threw, as compiled code takes it: an Error of the program as its exception, what ends the run with its place. */
function translated(run: WasmRun, error: unknown): unknown {
  if (error instanceof Limited || error instanceof Trapped) return new Failed(error, captureTrace())
  if (!(error instanceof Thrown && error.value instanceof ErrorInstance)) return error
  const { kind, message, trace } = error.value
  return run.raise(kind, message, trace as Trace)
}
