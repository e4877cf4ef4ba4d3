import { RunConsole, WorldReader, type EffectPort, type World } from '../../effects/index.ts'
import type { Frame, Limits } from '../../base/index.ts'
import { ERROR_DEF, type ConsoleMethod, type LogLevel, type Type } from '../../ir/index.ts'
import {
  buildLayouts,
  decodeArgument,
  ErrorInstance,
  Found,
  isStackOverflow,
  Limited,
  Thrown,
  showing,
  toHost,
  Trapped,
  type Extent,
  type Layout,
} from '../../values/index.ts'
import type { Encoded } from '../../base/index.ts'
import type { KeyOrders } from '../layout/key-orders.ts'
import { repOf } from '../layout/values.ts'
import { INIT_EXPORT } from '../lower/index.ts'
import type { Compiled } from './compiled.ts'
import { flatten } from './flatten.ts'
import { Identities, newHashFactor } from './hashing.ts'
import { Lifter, type LiftSource } from './lift.ts'
import { Meter, type Counters } from './meter.ts'
import { hostOperations, hostServices } from './services.ts'
import { captureTrace, describeTrace, HOST_FRAMES_MAX, trapAt, type Trace } from './trace.ts'

/** What a run may ask of whoever runs it. */
export type WasmHost = {
  /** Takes a line of the log, without the line end. */
  log(level: string, line: string): void
  /** Bytes alive on behalf of this run, as far as the host knows. */
  liveBytes?(): number
  /** The way to the world; nothing is behind it when it is left out. */
  readonly effects?: EffectPort
}

/** How a call ended: with a value, a failure of the program, or because the stack of the host was too small for it. */
export type CallEnd =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly failure: Thrown | Trapped | Limited; readonly stack: readonly Frame[] }
  | { readonly kind: 'overflow' }

let anchored: WebAssembly.Memory | undefined

/** What anchors write to; there is never anything in it but zeros. One for all runs that need it, as each takes address space. */
function anchoredMemory(): WebAssembly.Memory {
  return (anchored ??= new WebAssembly.Memory({ initial: 1, maximum: 1 }))
}

/** What compiled code exports. */
type Exports = Counters & {
  readonly thrown: WebAssembly.Tag
  readonly explode: (value: unknown) => number
  readonly 'make error': (name: string, message: string, kind: number, trace: unknown) => unknown
} & { readonly [entry: string]: () => void }

/** A failure of the program on its way out of compiled code, with the place where it happened. */
export class Failed {
  readonly failure: Trapped | Limited
  readonly trace: Trace
  readonly innermost: 'running' | 'callee'

  constructor(failure: Trapped | Limited, trace: Trace, innermost: 'running' | 'callee' = 'running') {
    this.failure = failure
    this.trace = trace
    this.innermost = innermost
  }
}

/** One run of a compiled program, on an instance of its own. */
export class WasmRun implements LiftSource {
  readonly compiled: Compiled
  readonly limits: Limits
  readonly meter: Meter
  readonly layouts: readonly Layout[]
  readonly orders: KeyOrders
  /** Values that compiled code gave, and those that it will take. */
  parts: unknown[] = []
  supply: readonly unknown[] = []
  taken = 0
  logBytes = 0
  readonly world: WorldReader
  readonly found = new Found(this)
  readonly identities = new Identities()
  /** The objects that arrays carry, both as compiled code has them. */
  readonly notes = new WeakMap<object, object>()
  readonly #exports: Exports
  readonly #host: WasmHost
  readonly #console = new RunConsole((level, text) => this.#writeLine(level, text))

  constructor(compiled: Compiled, limits: Limits, host: WasmHost, world: World) {
    this.world = new WorldReader(world, host.effects)
    this.compiled = compiled
    this.limits = limits
    this.#host = host
    this.layouts = buildLayouts(compiled.module)
    this.orders = compiled.orders.fork()
    const { exports } = new WebAssembly.Instance(compiled.wasm, {
      service: hostServices(this),
      operation: hostOperations(this, compiled.operations),
      host: { 'hash factor': newHashFactor(), ...(compiled.needsMemory && { memory: anchoredMemory() }) },
      string: Object.fromEntries(compiled.strings.map((text, i) => [i, text])),
    })
    this.#exports = exports as unknown as Exports
    this.meter = new Meter(limits, this.#exports, () => host.liveBytes?.() ?? 0)
  }

  get module(): Compiled['module'] {
    return this.compiled.module
  }

  get containers(): Compiled['containers'] {
    return this.compiled.containers
  }

  get errorKinds(): readonly string[] {
    return this.compiled.errorKinds
  }

  explode(value: unknown): number {
    return this.#exports.explode(value)
  }

  /** Runs the top level. */
  initialize(): CallEnd {
    return this.#call(INIT_EXPORT, { kind: 'undefined' }, [])
  }

  /** Calls an entry by its number; `references`: its arguments that the program may change, to be looked at afterwards. */
  call(entry: number, args: readonly Encoded[]): CallEnd & { args(): readonly unknown[] } {
    const { params, result } = this.module.entries[entry]!
    const supply: unknown[] = []
    const values = params.map(({ type }, i) => {
      const value = decodeArgument(args[i], type, this.layouts)
      flatten(value, type, this.orders, supply)
      return value
    })
    const given: unknown[] = []
    const end = this.#call(`entry ${entry}`, result, supply, given)
    return { ...end, args: () => this.#argumentsAfter(entry, values, given) }
  }

  /** Arguments as they are now: those that the program may have changed are lifted again. */
  #argumentsAfter(entry: number, values: readonly unknown[], given: readonly unknown[]): readonly unknown[] {
    const lifter = new Lifter(this)
    let next = 0
    return this.module.entries[entry]!.params.map(({ type }, i) =>
      isReference(type) ? lifter.lift(given[next++], type) : values[i],
    )
  }

  #call(name: string, result: Type, supply: readonly unknown[], given: unknown[] = []): CallEnd {
    this.parts = given
    this.supply = supply
    this.taken = 0
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = HOST_FRAMES_MAX
    try {
      this.#exports[name]!()
      const isUnit = repOf(result) === 'unit'
      return { kind: 'returned', value: new Lifter(this).lift(isUnit ? undefined : given.pop(), result) }
    } catch (error) {
      return this.#endOf(error)
    } finally {
      Error.stackTraceLimit = limit
    }
  }

  #endOf(error: unknown): CallEnd {
    const { positions } = this.compiled
    const { files } = this.module
    if (error instanceof Failed) {
      const stack = describeTrace(error.trace, positions, files, error.innermost)
      return { kind: 'failed', failure: error.failure, stack }
    }
    if (error instanceof WebAssembly.Exception && error.is(this.#exports.thrown)) {
      const value = new Lifter(this).lift(error.getArg(this.#exports.thrown, 0), { kind: 'any' })
      const trace = value instanceof ErrorInstance ? value.trace : error.getArg(this.#exports.thrown, 1)
      return {
        kind: 'failed',
        failure: new Thrown(value),
        stack: describeTrace(trace as Trace, positions, files, 'running'),
      }
    }
    if (error instanceof WebAssembly.RuntimeError) return this.#trapped(error)
    if (isStackOverflow(error)) return { kind: 'overflow' }
    throw error
  }

  /** Compiled code stopped: at an instruction that stands for a trap, or because the host would not give so much memory. */
  #trapped(error: WebAssembly.RuntimeError): CallEnd {
    const { positions } = this.compiled
    const stack = describeTrace(error, positions, this.module.files, 'running')
    if (/array is too large/.test(error.message))
      return { kind: 'failed', failure: new Limited('memory', 'out of memory'), stack }
    const trap = trapAt(error, positions)
    if (!trap) throw error
    return { kind: 'failed', failure: new Trapped(trap), stack }
  }

  /** Makes an Error that the program can catch, as an exception of compiled code. */
  raise(kind: string, message: string, trace: Trace): WebAssembly.Exception {
    const error = this.#exports['make error'](kind, message, this.errorKinds.indexOf(kind), trace)
    return new WebAssembly.Exception(this.#exports.thrown, [error, trace])
  }

  newError(kind: string, message: string, def = ERROR_DEF): ErrorInstance {
    return new ErrorInstance(this.layouts[def]!, kind, message, captureTrace())
  }

  requireMemory(bytes: number): void {
    this.meter.requireMemory(bytes)
  }

  fuelLeft(): number {
    return this.meter.fuelLeft()
  }

  spend(fuel: number, bytes: number): void {
    this.meter.spend(fuel, bytes)
  }

  log(method: ConsoleMethod, values: readonly unknown[], extent: Extent): void {
    const shown = values.map((value, at) => toHost(value, this.module, extent, at))
    showing(() => this.#console.call(method, shown))
  }

  #writeLine(level: LogLevel, text: string): void {
    const bytes = Buffer.byteLength(text) + 1
    if (this.logBytes + bytes > this.limits.logs) throw new Limited('logs', 'the log is full')
    this.logBytes += bytes
    this.#host.log(level, text)
  }
}

function isReference(type: Type): boolean {
  const rep = repOf(type)
  return rep === 'ref' || rep === 'dyn' || rep === 'opt'
}
