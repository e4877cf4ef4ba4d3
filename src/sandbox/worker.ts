import type { Cage, Cgroups } from './cgroups.ts'
import type { Death } from './death.ts'
import { readCall, readLeft, readSequence, writeAnswer } from './effect-frames.ts'
import type { EffectSession, Next } from './effect-session.ts'
import { READY_EXPECTED, runExpected } from './expected.ts'
import type { Launch, Launched } from './launch.ts'
import { Line, type Order } from './line.ts'
import { readLogLine, readResultMessage, writeRunMessage, type LogLevel, type RunMessage } from './messages.ts'
import type { ProcessorLimits } from './processor-limits.ts'
import { deathReport, isFull, usageOf, type Running, type WorkerReport } from './worker-report.ts'
import { heapBytesMax, LONG_MS, residentBytesMax, Watch, type Tell } from './watch.ts'
import { createFrameReader, createNonce, encodeFrame, FRAME, PROGRAMS_KEPT_MAX, type Frame } from './wire.ts'

/** One run on one worker. */
export type WorkerCall = {
  readonly message: RunMessage
  readonly programBytes: Uint8Array
  /** Told when the worker is about nothing else. */
  onBegin(): void
  onLog(level: LogLevel, line: string): void
  readonly effects: EffectSession
}

export type WorkerOptions = {
  readonly launch: Launch
  readonly script?: string
  readonly memoryBytes: number
  readonly bootMsMax: number
  /** Whether it is forked: see `zygote/forks.ts`. */
  readonly isForked?: boolean
  /** Where the kernel can bound workers too. */
  readonly cgroups?: Cgroups
  readonly processorLimits?: ProcessorLimits
}

/** A worker speaks only when it was asked. */
const UNASKED = { kind: 'violation', message: 'bytes that nobody asked for' } as const

type State = 'booting' | 'idle' | 'running' | 'dead'

/** Who closes the channel has this long to end by itself, so that how it ended comes through those who wait for it. */
const END_MS_MAX = 1000
/** The engine ends a run at the log limit; the parent's own bound only stops a worker that does not. */
const LOG_SLACK_BYTES = 64 * 2 ** 10
/** What is left of an expectation after a run that was shorter. */
const FORGETTING = 0.8
/** How often the processor time of a process is looked at: less than it takes to use up the slack of the kernel's bound on several processors. */
const COUNT_MS = 500
/** A run may be lined up where those before it are taken to end so soon. */
const SOON_MS = 2
/**
 * A worker process behind its state machine: boot, then one run at a time, then dead. Further runs may be lined up behind a short one, so
 * that the worker finds them there when it is done: waking a process costs more than a small run. They are taken back if the first one
 * is not so short after all; what the worker makes of them then is not looked at, and the worker ends with the first one (decision 40).
 */
export class Worker {
  readonly memoryBytes: number
  readonly isForked: boolean
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
  readonly #tell: Tell = {
    onBreach: (limit) => this.kill({ kind: 'limit', limit }),
    onLook: (nowMs) => {
      if (this.#line.waitedMs(nowMs) > LONG_MS) this.#takeBack()
    },
  }
  readonly #line = new Line((orders) => this.#sendAll(orders))
  /** It was sent a run that was taken back. */
  #isSpoiled = false
  /** How long a run of each program that is loaded is taken to last, in ms of wall time; the least recently used first. */
  readonly #expectedMs = new Map<string, number>()
  #death: Death | undefined
  #runs = 0
  #programs = 0
  /** Processor time of the process, as it was seen, and what the worker says of the runs since. */
  #usedMs = 0
  /** When it was seen, by `performance.now`. */
  #countedMs = -Infinity
  /** The bound of its processor time that the kernel was told, in whole seconds. */
  #boundS = 0
  #principal: string | undefined
  readonly #options: WorkerOptions
  #cage: Cage | undefined

  constructor(options: WorkerOptions) {
    const { launch, script, memoryBytes, bootMsMax } = options
    this.#options = options
    this.#launched = launch({ heapBytes: heapBytesMax(memoryBytes), ...(script === undefined ? {} : { script }) })
    this.isForked = options.isForked ?? false
    this.memoryBytes = memoryBytes
    this.ready = this.#ready.promise
    this.died = this.#died.promise
    this.#bootTimer = setTimeout(() => this.kill({ kind: 'boot', message: 'it did not start in time' }), bootMsMax)
    const { stream, exited } = this.#launched
    stream.on('data', (chunk: Buffer) => this.#read(chunk))
    // Whatever breaks the channel, the worker is of no more use; the way it ended is told by `exited`.
    stream.on('error', () => this.#launched.kill())
    stream.on('end', () => setTimeout(() => this.#launched.kill(), END_MS_MAX).unref())
    void exited.then((exit) => this.#bury(this.#death ?? { kind: 'exit', exit }))
  }

  /** Names it in logs and tests. */
  get pid(): number | undefined {
    return this.#launched.pid
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

  /** How many runs wait for the one under way. */
  get linedUp(): number {
    return this.#line.waiting.length
  }

  /**
   * How long a run would wait here for those before it, behind which it may be sent already: as long as they took the last time. Infinity
   * where none may be, or who is under way takes longer than such a run.
   */
  get waitMs(): number {
    if (this.state !== 'running' || this.#isSpoiled || !this.#line.isOpen) return Infinity
    const { call, startedMs } = this.#running!
    if (performance.now() - startedMs > SOON_MS) return Infinity
    let waitMs = this.#expectedMsOf(call)
    for (const { order } of this.#line.waiting) waitMs += this.#expectedMsOf(order.call)
    return waitMs <= SOON_MS ? waitMs : Infinity
  }

  #expectedMsOf({ message }: WorkerCall): number {
    return this.#expectedMs.get(message.programId) ?? Infinity
  }

  /** `tookMs`: as the worker says, which leaves out what the parent was about meanwhile. After a run that took long, some short ones are needed. */
  #expect(programId: string, tookMs: number): void {
    const expectedMs = Math.max(tookMs, FORGETTING * (this.#expectedMs.get(programId) ?? 0))
    this.#expectedMs.delete(programId)
    this.#expectedMs.set(programId, expectedMs)
    if (this.#expectedMs.size > PROGRAMS_KEPT_MAX) this.#expectedMs.delete(this.#expectedMs.keys().next().value!)
  }

  /** Only while idle, or behind other runs where {@link waitMs} says that it may wait. Never rejects: a worker that dies gives the outcome of its death. */
  run(call: WorkerCall): Promise<WorkerReport | 'not begun'> {
    if (this.state === 'dead' || this.#isSpoiled) return Promise.resolve('not begun')
    if (this.#state === 'booting') throw new Error('a run on a worker that cannot take one')
    const { promise, resolve } = Promise.withResolvers<WorkerReport | 'not begun'>()
    // The first run cannot know its program: asking for it would wake both processes once more.
    const bringsProgram = this.#programs === 0
    const payload = writeRunMessage(call.message, bringsProgram)
    const program = bringsProgram ? { program: call.programBytes } : undefined
    const order: Order = { call, nonce: createNonce(), payload, ...program, settle: resolve }
    if (this.#state === 'running') this.#line.push(order)
    else {
      this.#begin(order)
      this.#line.start(order)
    }
    return promise
  }

  /** Ends a run: one that is under way with the process, one that is lined up by taking back all that are. */
  cancel(call: WorkerCall): void {
    if (this.#running?.call === call) this.kill({ kind: 'cancelled' })
    else if (this.#line.waiting.some(({ order }) => order.call === call)) this.#takeBack()
  }

  #sendAll(orders: readonly Order[]): void {
    if (this.state === 'dead') return
    this.#write(
      orders.flatMap(({ nonce, payload, program }) => {
        const run = encodeFrame(FRAME.run, nonce, payload)
        return program ? [run, encodeFrame(FRAME.program, nonce, program)] : [run]
      }),
    )
  }

  #begin(order: Order): void {
    const { limits } = order.call.message
    const startedMs = performance.now()
    const watch = new Watch(this.#launched, limits, this.memoryBytes, startedMs, this.#tell)
    const progress = { hasProgram: order.program !== undefined, calls: 0, cancels: 0, waits: false }
    const expected = runExpected(order.nonce, limits, progress)
    this.#running = { ...order, startedMs, watch, progress, expected, logBytes: 0 }
    this.#state = 'running'
    if (order.program) this.#programs++
    this.#boundProcessor(limits.cpu)
    order.call.onBegin()
  }

  /** The runs that are lined up will not be this worker's. A worker that has one already may do no more than it is about. */
  #takeBack(): void {
    if (this.#line.takeBack()) this.#isSpoiled = true
  }

  /** Told anew only when it changes by a second or more. */
  #boundProcessor(ms: number): void {
    const { processorLimits } = this.#options
    if (!processorLimits) return
    this.#countProcessor()
    const boundS = Math.ceil((this.#usedMs + ms) / 1000)
    if (boundS === this.#boundS) return
    const pid = this.#launched.processId()
    if (pid !== undefined && processorLimits.bound(pid, this.#usedMs, ms)) this.#boundS = boundS
  }

  /** What the process does between runs is charged to none of them, but counts for the kernel: it would end a run for what others left. */
  #countProcessor(): void {
    const nowMs = performance.now()
    if (nowMs - this.#countedMs < COUNT_MS) return
    this.#countedMs = nowMs
    this.#usedMs = this.#launched.usage()?.cpuMs ?? this.#usedMs
  }

  /** Ends the process; a run under way ends with the outcome of `death`. */
  kill(death: Death): void {
    this.#death ??= death
    this.#takeBack()
    this.#launched.kill()
  }

  /** A worker that does not take what it is sent is not listened to until it does: it cannot make the parent keep answers for it. */
  #write(frames: readonly Buffer[]): void {
    const { stream } = this.#launched
    if (stream.write(frames.length === 1 ? frames[0] : Buffer.concat(frames))) return
    stream.pause()
    stream.once('drain', () => stream.resume())
  }

  #send(type: number, nonce: Buffer, payload: Uint8Array): void {
    this.#write([encodeFrame(type, nonce, payload)])
  }

  #read(chunk: Buffer): void {
    this.#reader.push(chunk)
    while (this.state !== 'dead') {
      const expected = this.#state === 'booting' ? READY_EXPECTED : this.#running?.expected
      // Nobody asked: one byte is too many, and the next run must not begin behind it.
      if (!expected) return this.#reader.pendingBytes() > 0 ? this.kill(UNASKED) : undefined
      const result = this.#reader.next(expected)
      if (result.kind === 'wait') return
      // A program may well ask for more than it may send; any other frame that is too large is the worker's own doing.
      if (result.kind === 'violation' && result.tooLarge === FRAME.effect)
        return this.kill({ kind: 'limit', limit: 'io' })
      const broken = result.kind === 'violation' ? result.message : this.#accept(result.frame)
      if (broken !== undefined) return this.kill({ kind: 'violation', message: broken })
    }
  }

  /** Takes a frame that is due; a text when its content breaks the protocol. */
  #accept(frame: Frame): string | undefined {
    if (frame.type === FRAME.ready) return this.#becomeReady()
    const running = this.#running!
    if (frame.type === FRAME.need) return this.#sendProgram(running)
    if (frame.type === FRAME.log) return this.#takeLog(running, frame)
    if (frame.type === FRAME.effect) return this.#startCall(running, frame)
    if (frame.type === FRAME.cancel) return this.#cancelCall(running, frame)
    if (frame.type === FRAME.wait) return this.#await(running, frame)
    const report = readResultMessage(frame.payload)
    if (!report) return 'a result that is not understood'
    if (this.linedUp === 0 && !this.#isSpoiled && this.#reader.pendingBytes() > 0) return UNASKED.message
    this.#runs++
    const usage = usageOf(report.usage, running)
    this.#usedMs += usage.cpuMs
    this.#expect(running.call.message.programId, Math.min(usage.wallMs, report.usage.wallMs))
    this.#finish(running, { ...report, usage }, 'idle')
    // A heap that was filled once is not used again.
    if (this.#isSpoiled || isFull(report)) this.kill({ kind: 'retired' })
    else this.#beginNext()
    return undefined
  }

  #beginNext(): void {
    const order = this.#line.shift()
    if (order) this.#begin(order)
  }

  #becomeReady(): undefined {
    clearTimeout(this.#bootTimer)
    const pid = this.#launched.processId()
    if (pid !== undefined) this.#cage = this.#options.cgroups?.confine(pid, residentBytesMax(this.memoryBytes))
    this.#state = 'idle'
    this.#ready.resolve(true)
  }

  #sendProgram(running: Running): undefined {
    running.progress.hasProgram = true
    this.#programs++
    this.#send(FRAME.program, running.nonce, running.call.programBytes)
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
    const { progress } = running
    if (!call || call.sequence !== progress.calls) return 'a call of an effect that is not understood'
    if (progress.calls + running.call.effects.effectsTaken() >= running.call.message.limits.effects) {
      this.kill({ kind: 'limit', limit: 'effects' })
      return undefined
    }
    progress.calls++
    running.call.effects.start(call)
    return undefined
  }

  #cancelCall(running: Running, frame: Frame): string | undefined {
    const sequence = readSequence(frame.payload)
    if (sequence === undefined || sequence >= running.progress.calls) return 'a call is given up that was not begun'
    running.progress.cancels++
    running.call.effects.cancel(sequence)
    return undefined
  }

  #await(running: Running, frame: Frame): string | undefined {
    const left = readLeft(frame.payload)
    if (!left) return 'a wait that is not understood'
    running.progress.waits = true
    void running.call.effects.next(left).then(
      (next) => this.#answer(running, next),
      // A session that fails is a defect of ours; the run can only end.
      (error: unknown) => this.kill({ kind: 'violation', message: `its effects failed: ${String(error)}` }),
    )
    return undefined
  }

  #answer(running: Running, next: Next): void {
    if (this.#running !== running || this.state === 'dead') return
    if (next.kind === 'answer' || next.kind === 'none') {
      running.progress.waits = false
      this.#send(FRAME.answer, running.nonce, writeAnswer(next.kind === 'answer' ? next.answer : undefined))
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
  #bury(end: Death): void {
    clearTimeout(this.#bootTimer)
    const reason: Death = end.kind === 'exit' && this.#cage?.isOutOfMemory() ? { kind: 'limit', limit: 'memory' } : end
    this.#cage?.remove()
    this.#death ??= reason
    const running = this.#running
    if (running) this.#finish(running, deathReport(reason, running), 'dead')
    this.#takeBack()
    this.#ready.resolve(false)
    this.#died.resolve(reason)
  }
}
