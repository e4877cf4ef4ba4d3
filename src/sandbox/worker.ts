import { randomFillSync } from 'node:crypto'
import type { ExecutionUsage } from '../base/index.ts'
import { deathOutcome, type Death } from './death.ts'
import { readCall, readSequence, writeAnswer } from './effect-frames.ts'
import type { EffectSession, Next } from './effect-session.ts'
import type { Launch, Launched } from './launch.ts'
import {
  NO_EFFECTS,
  NO_USAGE,
  readLogLine,
  readResultMessage,
  type LogLevel,
  type ResultMessage,
  type RunMessage,
  type WorkerUsage,
} from './messages.ts'
import { PROCESS_BYTES, watchRun, type Watch } from './watch.ts'
import { createFrameReader, encodeFrame, FRAME, NO_NONCE, NONCE_BYTES, type Expectation, type Frame } from './wire.ts'

/** One run on one worker. */
type WorkerCall = {
  readonly message: RunMessage
  readonly programBytes: Uint8Array
  onLog(level: LogLevel, line: string): void
  readonly effects: EffectSession
}

/** What a run gave, or the outcome of its worker's death. */
type WorkerReport = Omit<ResultMessage, 'readsWorld' | 'usage'> & {
  readonly usage: ExecutionUsage
  readonly readsWorld?: boolean
}

export type WorkerOptions = {
  readonly launch: Launch
  readonly script?: string
  readonly memoryBytes: number
  readonly bootMsMax: number
}

type Running = {
  readonly call: WorkerCall
  readonly nonce: Buffer
  readonly startedMs: number
  readonly watch: Watch
  readonly settle: (report: WorkerReport) => void
  needed: boolean
  logBytes: number
  /** Calls of effects begun; the next one has this number. */
  calls: number
  /** The run waits for an answer. */
  waits: boolean
}

type State = 'booting' | 'idle' | 'running' | 'dead'

const RESULT_OVERHEAD_BYTES = 2 ** 20
/** What a call says beside its arguments. */
const CALL_OVERHEAD_BYTES = 512
const FRAME_BYTES_MAX = 512 * 2 ** 20
/** The engine ends a run at the log limit; the parent's own bound only stops a worker that does not. */
const LOG_SLACK_BYTES = 64 * 2 ** 10

/** A worker process behind its state machine: boot, then one run at a time, then dead. */
export class Worker {
  readonly memoryBytes: number
  readonly pid: number | undefined
  /** True once it can run; false when it died first. */
  readonly ready: Promise<boolean>
  readonly died: Promise<Death>
  readonly #launched: Launched
  readonly #reader = createFrameReader()
  readonly #bootTimer: NodeJS.Timeout
  readonly #ready = Promise.withResolvers<boolean>()
  readonly #died = Promise.withResolvers<Death>()
  #state: State = 'booting'
  #running: Running | undefined
  #death: Death | undefined
  #runs = 0
  #programs = 0
  #principal: string | undefined

  constructor({ launch, script, memoryBytes, bootMsMax }: WorkerOptions) {
    const heapBytes = Math.ceil(memoryBytes * 1.25) + PROCESS_BYTES
    this.#launched = launch({ heapBytes, ...(script === undefined ? {} : { script }) })
    this.memoryBytes = memoryBytes
    this.pid = this.#launched.pid
    this.ready = this.#ready.promise
    this.died = this.#died.promise
    this.#bootTimer = setTimeout(() => this.kill({ kind: 'boot', message: 'it did not start in time' }), bootMsMax)
    const { stream, exited } = this.#launched
    stream.on('data', (chunk: Buffer) => this.#read(chunk))
    // Whatever breaks the channel, the worker is of no more use; the way it ended is told by `exited`.
    stream.on('error', () => this.#launched.kill())
    stream.on('end', () => this.#launched.kill())
    void exited.then((exit) => this.#bury(this.#death ?? { kind: 'exit', exit }))
  }

  /** Who was told to die takes no more runs, although the process may take a moment to end. */
  get state(): State {
    return this.#death ? 'dead' : this.#state
  }

  /** Runs completed. */
  get runs(): number {
    return this.#runs
  }

  /** Programs that it was sent. */
  get programs(): number {
    return this.#programs
  }

  /** Whose runs it takes; nobody's yet. */
  get principal(): string | undefined {
    return this.#principal
  }

  /** From now on it runs for `principal` only: what one leaves in a process never meets another. */
  bind(principal: string): void {
    if (this.#principal !== undefined && this.#principal !== principal) throw new Error('a worker of another principal')
    this.#principal = principal
  }

  /** Only while idle. Never rejects: a worker that dies gives the outcome of its death. */
  run(call: WorkerCall): Promise<WorkerReport> {
    if (this.state === 'dead') return this.died.then((reason) => deathReport(reason, call))
    if (this.#state !== 'idle') throw new Error(`a run on a worker that is ${this.#state}`)
    const { promise, resolve } = Promise.withResolvers<WorkerReport>()
    const watch = watchRun(this.#launched, call.message.limits, this.memoryBytes, (limit) =>
      this.kill({ kind: 'limit', limit }),
    )
    const nonce = randomFillSync(Buffer.alloc(NONCE_BYTES))
    const startedMs = performance.now()
    this.#running = {
      call,
      nonce,
      startedMs,
      watch,
      settle: resolve,
      needed: false,
      logBytes: 0,
      calls: 0,
      waits: false,
    }
    this.#state = 'running'
    this.#launched.stream.write(encodeFrame(FRAME.run, nonce, Buffer.from(JSON.stringify(call.message))))
    return promise
  }

  /** Ends the process; a run under way ends with the outcome of `death`. */
  kill(death: Death): void {
    this.#death ??= death
    this.#launched.kill()
  }

  #read(chunk: Buffer): void {
    if (this.state === 'dead') return
    this.#reader.push(chunk)
    for (;;) {
      const result = this.#reader.next(this.#expectation())
      if (result.kind === 'wait') return
      const broken = result.kind === 'violation' ? result.message : this.#accept(result.frame)
      if (broken !== undefined) return this.kill({ kind: 'violation', message: broken })
    }
  }

  #expectation(): Expectation {
    const running = this.#running
    const isReadyDue = this.#state === 'booting'
    return {
      nonce: running?.nonce ?? NO_NONCE,
      payloadBytesMax: (type) =>
        type === FRAME.ready ? (isReadyDue ? 0 : undefined) : running && payloadBytesMax(type, running),
    }
  }

  /** Takes a frame that is due; a text when its content breaks the protocol. */
  #accept(frame: Frame): string | undefined {
    if (frame.type === FRAME.ready) return this.#becomeReady()
    const running = this.#running
    if (!running) return 'a frame outside of a run'
    if (frame.type === FRAME.need) return this.#sendProgram(running)
    if (frame.type === FRAME.log) return this.#takeLog(running, frame)
    if (frame.type === FRAME.effect) return this.#startCall(running, frame)
    if (frame.type === FRAME.cancel) return this.#cancelCall(running, frame)
    if (frame.type === FRAME.wait) return this.#await(running)
    const report = readResultMessage(frame.payload)
    if (!report) return 'a result that is not understood'
    if (this.#reader.pendingBytes() > 0) return 'bytes after the result'
    this.#runs++
    this.#finish(running, { ...report, usage: usageOf(report.usage, running) }, 'idle')
    return undefined
  }

  #becomeReady(): undefined {
    clearTimeout(this.#bootTimer)
    this.#state = 'idle'
    this.#ready.resolve(true)
  }

  #sendProgram(running: Running): undefined {
    running.needed = true
    this.#programs++
    this.#launched.stream.write(encodeFrame(FRAME.program, running.nonce, running.call.programBytes))
  }

  #takeLog(running: Running, frame: Frame): string | undefined {
    const entry = readLogLine(frame.payload)
    if (!entry) return 'a log line without a level'
    running.logBytes += frame.payload.length
    if (running.logBytes <= 2 * running.call.message.limits.logs + LOG_SLACK_BYTES)
      running.call.onLog(entry.level, entry.line)
    else this.kill({ kind: 'limit', limit: 'logs' })
    return undefined
  }

  #startCall(running: Running, frame: Frame): string | undefined {
    const call = readCall(frame.payload)
    if (!call || call.sequence !== running.calls) return 'a call of an effect that is not understood'
    if (running.calls === running.call.message.limits.effects) this.kill({ kind: 'limit', limit: 'effects' })
    else running.call.effects.start(call)
    running.calls++
    return undefined
  }

  #cancelCall(running: Running, frame: Frame): string | undefined {
    const sequence = readSequence(frame.payload)
    if (sequence === undefined || sequence >= running.calls) return 'a call is given up that was not begun'
    running.call.effects.cancel(sequence)
    return undefined
  }

  #await(running: Running): undefined {
    running.waits = true
    void running.call.effects.next().then(
      (next) => this.#answer(running, next),
      // A session that fails is a defect of ours; the run can only end.
      (error: unknown) => this.kill({ kind: 'violation', message: `its effects failed: ${String(error)}` }),
    )
  }

  #answer(running: Running, next: Next): void {
    if (this.#running !== running || this.state === 'dead') return
    if (next.kind === 'answer' || next.kind === 'none') {
      running.waits = false
      const payload = writeAnswer(next.kind === 'answer' ? next.answer : undefined)
      this.#launched.stream.write(encodeFrame(FRAME.answer, running.nonce, payload))
    } else if (next.kind === 'limited') this.kill({ kind: 'limit', limit: next.limit })
    else this.kill(next)
  }

  #finish(running: Running, report: WorkerReport, next: State): void {
    this.#running = undefined
    this.#state = next
    running.watch.stop()
    running.call.effects.close()
    running.settle(report)
  }

  /** The process is gone: only now is its run over, so that nothing of it can still be at work. */
  #bury(reason: Death): void {
    clearTimeout(this.#bootTimer)
    this.#death ??= reason
    const running = this.#running
    if (running) this.#finish(running, deathReport(reason, running.call, running), 'dead')
    this.#ready.resolve(false)
    this.#died.resolve(reason)
  }
}

/** What the parent itself knows of a run that its worker did not end. */
function deathReport(death: Death, call: WorkerCall, running?: Running): WorkerReport {
  const usage = running ? usageOf({ ...NO_USAGE, logBytes: running.logBytes }, running) : { ...NO_USAGE, ...NO_EFFECTS }
  return { outcome: deathOutcome(death, call.message.limits), usage }
}

/** What the worker says, and what was seen from here, whatever it says. */
function usageOf(said: WorkerUsage, { call, watch, startedMs }: Running): ExecutionUsage {
  return {
    ...said,
    ...call.effects.usage(),
    wallMs: performance.now() - startedMs,
    cpuMs: Math.max(said.cpuMs, watch.seen.cpuMs),
    peakBytes: Math.max(said.peakBytes, watch.seen.peakBytes),
  }
}

/** How large a frame may be during a run; undefined for those that may not come. */
function payloadBytesMax(type: number, { call, needed, waits }: Running): number | undefined {
  const { limits } = call.message
  if (waits) return undefined
  switch (type) {
    case FRAME.need:
      return needed ? undefined : 0
    case FRAME.log:
      return Math.min(FRAME_BYTES_MAX, 4 * limits.logs + 1)
    case FRAME.effect:
      return Math.min(FRAME_BYTES_MAX, limits.io + CALL_OVERHEAD_BYTES)
    case FRAME.cancel:
      return 4
    case FRAME.wait:
      return 0
    case FRAME.result:
      return Math.min(FRAME_BYTES_MAX, 8 * limits.output + RESULT_OVERHEAD_BYTES)
    default:
      return undefined
  }
}
