import { ERROR_DEF, STRING_LENGTH_MAX, type ConsoleMethod, type LogLevel } from '../ir/index.ts'
import type { Limits } from '../base/index.ts'
import { RunConsole, STILL_WORLD, WorldReader, type EffectPort, type Left, type World } from '../effects/index.ts'
import {
  buildLayouts,
  ErrorInstance,
  Found,
  Limited,
  Thrown,
  extentOf,
  showing,
  toHost,
  Trapped,
  UNSET,
  type Closure,
  type KeyOrder,
  type Layout,
} from '../values/index.ts'
import { enlargeBanks, giveBackBanks, lengthFor, NO_BANKS, takeBanks, type BankSet } from './bank-set.ts'
import { funcAt, type Bytecode, type FuncCode } from './bytecode.ts'
import { HALT_PC } from './compile/index.ts'
import { bankOf, KIND } from './kinds.ts'
import { dispatch } from './loop.ts'
import type { Machinery } from './operation.ts'
import { WIDTH } from './opcodes.ts'
import { readRegister, writeRegister, type Banks } from './registers.ts'
import { captureTrace } from './trace.ts'
import { chargeOf } from './meter.ts'

/** What a machine may ask of whoever runs it. */
export type MachineHost = {
  /** Takes a line of the log, without the line end. */
  log(level: string, line: string): void
  /** Bytes alive on behalf of this run, as far as the host knows. */
  liveBytes?(): number
  /** The way to the world; nothing is behind it when it is left out. */
  readonly effects?: EffectPort
}

/** Where a machine stands. `paused` machines go on with `resume`. */
export type MachineState =
  | { readonly kind: 'ready' | 'paused' | 'done' }
  | { readonly kind: 'failed'; readonly failure: Thrown | Trapped | Limited; readonly trace: Int32Array }

/** When to pause besides at the end. */
export type Pace = {
  /** Pause after about this much fuel, at a loop head or call. */
  readonly fuel?: number
  /** Pause before each statement for which this says so. Needs code that was compiled for debugging. */
  readonly atStatement?: () => boolean
}

const FUEL_SLICE = 2 ** 30
/** Live memory is sampled each time so much was allocated. */
const ALLOCATION_SLICE = 2 ** 24
/** Of a register in all banks. */
const BANK_BYTES = 24
const OUT_OF_FUEL = 'out of fuel'

/**
 * One run of a program: registers, frames, globals and what was used so far. The frames are
 * here and not on the host's stack, so that a run can pause, be looked at, and call as deeply
 * as its limits say.
 */
export class Machine implements Machinery, Banks {
  readonly bytecode: Bytecode
  readonly limits: Limits
  readonly depthMax: number
  readonly layouts: readonly Layout[]
  readonly globals: unknown[]
  readonly globalNumbers: Float64Array
  readonly globalNames: readonly string[]
  readonly orders: (KeyOrder | undefined)[]
  /** What remains of the slices of fuel and allocation; depth now and at most. Small integers, for speed. */
  readonly counters = new Int32Array(4)
  F = NO_BANKS.F
  I = NO_BANKS.I
  R = NO_BANKS.R
  S = NO_BANKS.S
  room = -1
  pc = HALT_PC
  fb = 0
  ib = 0
  rb = 0
  sp = 0
  state: MachineState = { kind: 'ready' }
  readonly found = new Found(this)
  logBytes = 0
  readonly world: WorldReader
  #fuelReserve: number
  #allocationReserve: number
  #pauses = false
  /** What the banks must hold before the run goes on, -1 when they do. */
  #growTo = -1
  #atStatement: (() => boolean) | undefined
  readonly #host: MachineHost
  readonly #console = new RunConsole((level, text) => this.#writeLine(level, text))

  constructor(bytecode: Bytecode, limits: Limits, host: MachineHost, world: World = STILL_WORLD) {
    this.world = new WorldReader(world, host.effects)
    const { module } = bytecode
    this.bytecode = bytecode
    this.limits = limits
    this.depthMax = limits.depth
    this.layouts = buildLayouts(module)
    this.globals = module.globals.map(() => UNSET)
    this.globalNumbers = new Float64Array(module.globals.length)
    this.globalNames = module.globals.map((global) => global.name)
    this.orders = Array.from({ length: bytecode.orderCount }, () => undefined)
    this.#fuelReserve = limits.fuel
    this.#allocationReserve = limits.allocation
    this.#host = host
    this.#use(takeBanks(this.#roomBeside(0)))
  }

  get module(): Bytecode['module'] {
    return this.bytecode.module
  }

  get fuelUsed(): number {
    return this.limits.fuel - this.world.taken.fuel - this.fuelLeft()
  }

  get allocatedBytes(): number {
    return this.limits.allocation - this.world.taken.allocation - this.#allocationReserve - this.counters[1]
  }

  get depthReached(): number {
    return this.counters[3]
  }

  /** Makes a function the next thing to run. Its arguments are host values. */
  start(func: number, args: readonly unknown[]): void {
    const { entry, params } = this.bytecode.funcs[func]
    this.fb = this.ib = this.rb = 0
    this.S[0] = HALT_PC
    this.sp = 1
    params.forEach(({ kind, reg }, i) => writeRegister(this, kind, reg, args[i]))
    this.pc = entry
    this.state = { kind: 'paused' }
    if (this.bytecode.funcs[func].cyclic) this.#enterFirst()
  }

  /** The call from outside counts as any other; when there is no fuel for it, nothing of the program was at work. */
  #enterFirst(): void {
    if (this.counters[0] === 0 && this.#fuelReserve === 0) {
      this.state = { kind: 'failed', failure: new Limited('fuel', OUT_OF_FUEL), trace: new Int32Array(0) }
      return
    }
    if (this.counters[0] === 0) this.refuel()
    this.counters[0]--
    this.counters[2]++
    this.counters[3] = Math.max(this.counters[3], this.counters[2])
  }

  /** Runs until the end, a failure or the next pause. */
  resume(pace: Pace = {}): MachineState {
    if (this.state.kind !== 'paused') return this.state
    const total = this.#fuelReserve + this.counters[0]
    this.#pauses = pace.fuel !== undefined
    this.#atStatement = pace.atStatement
    this.counters[0] = Math.min(total, FUEL_SLICE, Math.max(1, pace.fuel ?? FUEL_SLICE))
    this.#fuelReserve = total - this.counters[0]
    dispatch(this)
    // The loop has the banks as constants, so it is left and entered again when they grow.
    while (this.#growTo >= 0) {
      if (!this.#enlarge()) break
      dispatch(this)
    }
    return this.state
  }

  #enlarge(): boolean {
    const top = this.#growTo
    this.#growTo = -1
    try {
      this.grow(top)
      return true
    } catch (error) {
      this.pc += WIDTH
      return this.recover(error)
    }
  }

  /** The result of the function that ran, when the state is `done`. */
  result(func: number): unknown {
    const { resultKind } = this.bytecode.funcs[func]
    return bankOf(resultKind) === 2 ? this.R[0] : readRegister(this, resultKind, 0)
  }

  /** Keeps the registers of the loop; it stops here, at the end or for a pause. */
  stop(pc: number, fb: number, ib: number, rb: number, sp: number, done: boolean): void {
    this.pc = pc
    this.fb = fb
    this.ib = ib
    this.rb = rb
    this.sp = sp
    if (done) this.state = { kind: 'done' }
  }

  /** Stops before the call that ends at `pc`, whose frame was entered already: for a pause, or for larger banks. */
  retryCall(pc: number, fb: number, ib: number, rb: number, sp: number, grow: boolean): void {
    const { code } = this.bytecode
    this.#growTo = grow ? fb + ib + rb + sp : -1
    this.stop(pc - WIDTH, fb - code[pc - 4], ib - code[pc - 3], rb - code[pc - 2], sp, false)
  }

  /** More fuel for the slice. False: pause here. */
  refuel(): boolean {
    if (this.#fuelReserve === 0) throw new Limited('fuel', OUT_OF_FUEL)
    if (this.#pauses) return false
    this.counters[0] = Math.min(this.#fuelReserve, FUEL_SLICE)
    this.#fuelReserve -= this.counters[0]
    return true
  }

  /** Charges fuel for an operation; never pauses. */
  burn(amount: number): void {
    const left = this.counters[0] - amount
    if (left >= 0) {
      this.counters[0] = left
      return
    }
    const total = this.counters[0] + this.#fuelReserve - amount
    this.counters[0] = Math.max(0, Math.min(total, this.#pauses ? 0 : FUEL_SLICE))
    this.#fuelReserve = Math.max(0, total - this.counters[0])
    if (total < 0) throw new Limited('fuel', OUT_OF_FUEL)
  }

  /** Charges for bytes about to be allocated. spec: fuel#allocation */
  allocate(bytes: number): void {
    const left = this.counters[1] - bytes
    if (left >= 0) this.counters[1] = left
    else this.#allocateMore(bytes)
  }

  #allocateMore(bytes: number): void {
    const total = this.counters[1] + this.#allocationReserve - bytes
    // No larger than the memory limit, so that a request beyond that always comes here.
    this.counters[1] = Math.max(0, Math.min(total, ALLOCATION_SLICE, this.limits.memory))
    this.#allocationReserve = Math.max(0, total - this.counters[1])
    if (total < 0) throw new Limited('allocation', 'out of allocation')
    this.requireMemory(Math.max(bytes, this.#host.liveBytes?.() ?? 0))
  }

  requireMemory(bytes: number): void {
    if (bytes > this.limits.memory) throw new Limited('memory', 'out of memory')
  }

  fuelLeft(): number {
    return this.#fuelReserve + this.counters[0]
  }

  left(): Left {
    return { fuel: this.fuelLeft(), allocation: this.#allocationReserve + this.counters[1] }
  }

  /** What others take is within what was left, and what they give back was. */
  take(fuel: number, bytes: number): void {
    const [fuelLeft, bytesLeft] = [this.fuelLeft() - fuel, this.#allocationReserve + this.counters[1] - bytes]
    this.counters[0] = Math.min(this.counters[0], fuelLeft)
    this.#fuelReserve = fuelLeft - this.counters[0]
    this.counters[1] = Math.min(this.counters[1], bytesLeft)
    this.#allocationReserve = bytesLeft - this.counters[1]
  }

  spend(fuel: number, bytes: number): void {
    if (fuel > 0) this.burn(fuel)
    if (bytes > 0) this.allocate(bytes)
  }

  /** What the row of string.concat says, and the host's bound for strings. */
  chargeConcat(left: number, right: number): void {
    const less = Math.min(left, right)
    this.burn(Math.ceil(less / 16))
    this.allocate(16 + 2 * less)
    if (left + right > STRING_LENGTH_MAX) throw new Thrown(this.newError('RangeError', 'Invalid string length'))
  }

  /** `array.set` where the element is not there yet. */
  setElement(list: unknown[], index: number, value: unknown): void {
    this.allocate(chargeOf({ per: 8, of: 'growth' }, list, index, value, undefined, 3, undefined))
    if (index >>> 0 !== index || index === 0xffffffff) throw new Trapped('index-out-of-bounds')
    if (index === list.length) list.push(value)
    else list[index] = value
  }

  failUnset(name: string, pc: number, sp: number): never {
    this.pc = pc
    this.sp = sp
    throw new Thrown(this.newError('ReferenceError', `Cannot access '${name}' before initialization`))
  }

  newError(kind: string, message: string, def = ERROR_DEF): ErrorInstance {
    return new ErrorInstance(this.layouts[def], kind, message, captureTrace(this))
  }

  bindCaptures({ captures }: FuncCode, closure: Closure, fb: number, ib: number, rb: number): void {
    for (let i = 0; i < captures.length; i++) {
      const { kind, reg } = captures[i]
      const value = closure.captures[i]
      if (kind === KIND.ref) this.R[rb + reg] = value
      else if (kind === KIND.f64) this.F[fb + reg] = value as number
      else this.I[ib + reg] = Number(value)
    }
  }

  log(method: ConsoleMethod, values: readonly unknown[]): void {
    const extent = extentOf(method, values)
    const shown = values.map((value, at) => toHost(value, this.bytecode.module, extent, at))
    showing(() => this.#console.call(method, shown))
  }

  #writeLine(level: LogLevel, text: string): void {
    const bytes = Buffer.byteLength(text) + 1
    if (this.logBytes + bytes > this.limits.logs) throw new Limited('logs', 'the log is full')
    this.logBytes += bytes
    this.#host.log(level, text)
  }

  pauseAtStatement(): boolean {
    return this.#atStatement?.() === true
  }

  /**
   * Makes room for frames that reach to `top` in all banks and the stack together; all have the
   * same length, so one comparison per call suffices.
   */
  grow(top: number): void {
    const need = this.#roomBeside(top)
    this.requireMemory(lengthFor(this, need) * BANK_BYTES)
    this.#use(enlargeBanks(this, need))
  }

  /** Registers of banks that hold frames up to `top`, and whatever is called next. */
  #roomBeside(top: number): number {
    return top + this.bytecode.frameMax + 2
  }

  #use({ F, I, R, S }: BankSet): void {
    this.F = F
    this.I = I
    this.R = R
    this.S = S
    this.room = S.length - this.#roomBeside(0)
  }

  /** To be called when nobody looks at the run any more. */
  leave(): void {
    giveBackBanks(this)
  }

  /** Turns what left the loop into a jump to a handler (true) or the end of the run. Defects go on their way. */
  recover(error: unknown): boolean {
    if (error instanceof Thrown) {
      const trace = (error.trace as Int32Array | undefined) ?? captureTrace(this)
      if (this.#unwind(error.value, trace)) return true
      this.state = { kind: 'failed', failure: error, trace }
      return false
    }
    const failure = isArrayTooLarge(error) ? new Limited('memory', 'out of memory') : error
    if (!(failure instanceof Trapped || failure instanceof Limited)) throw error
    this.state = { kind: 'failed', failure, trace: captureTrace(this) }
    return false
  }

  /** Leaves frames until one handles the value. */
  #unwind(value: unknown, trace: Int32Array): boolean {
    const { code } = this.bytecode
    for (let pc = this.pc - WIDTH; ; pc -= WIDTH) {
      const func = funcAt(this.bytecode, pc)
      const handler = func?.handlers.find((h) => pc >= h.start && pc < h.end)
      if (handler) {
        this.R[this.rb + handler.reg] = value
        if (handler.trace >= 0) this.R[this.rb + handler.trace] = trace
        this.pc = handler.target
        return true
      }
      if (func?.cyclic) this.counters[2]--
      pc = this.S[--this.sp]
      if (pc === HALT_PC) return false
      this.fb -= code[pc - 4]
      this.ib -= code[pc - 3]
      this.rb -= code[pc - 2]
    }
  }
}

/** Whether the host refused an array for its size, which it does with memory left. The program's own such errors are `Thrown`. */
function isArrayTooLarge(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Invalid array length'
}
