import { randomFillSync } from 'node:crypto'
import type { Encoded, Outcome, Usage } from '../base/index.ts'
import { deathOutcome, type Death } from './death.ts'
import type { Launch } from './launch.ts'
import { readLogLine, readResultMessage, type LogLevel, type RunMessage } from './messages.ts'
import { createFrameReader, encodeFrame, FRAME, NO_NONCE, NONCE_BYTES, type Expectation, type Frame } from './wire.ts'

/** One run on one worker. */
export type WorkerCall = {
  readonly message: RunMessage
  readonly programBytes: Uint8Array
  onLog(level: LogLevel, line: string): void
}

/** What a run gave, or the outcome of its worker's death. */
export type WorkerReport = { readonly outcome: Outcome; readonly args?: readonly Encoded[]; readonly usage: Usage }

export type WorkerOptions = {
  readonly launch: Launch
  readonly script?: string
  readonly memoryBytes: number
  readonly bootMsMax: number
}

/** A worker process behind its state machine: boot, then one run at a time, then dead. */
export type Worker = {
  /** True once it can run; false when it died first. */
  readonly ready: Promise<boolean>
  readonly died: Promise<Death>
  readonly memoryBytes: number
  readonly pid: number | undefined
  state(): 'booting' | 'idle' | 'running' | 'dead'
  /** Runs completed. */
  runs(): number
  /** Only while idle. Never rejects: a worker that dies gives the outcome of its death. */
  run(call: WorkerCall): Promise<WorkerReport>
  /** Ends the process; a run under way ends with the outcome of `death`. */
  kill(death: Death): void
}

type Running = {
  readonly call: WorkerCall
  readonly nonce: Buffer
  readonly startedMs: number
  readonly timers: readonly NodeJS.Timeout[]
  readonly settle: (report: WorkerReport) => void
  needed: boolean
  logBytes: number
}

/** A V8 process costs this much beside the heap that programs fill. */
const PROCESS_BYTES = 96 * 2 ** 20
const WATCH_MS = 25
const RESULT_OVERHEAD_BYTES = 2 ** 20
const FRAME_BYTES_MAX = 512 * 2 ** 20
/** The engine ends a run at the log limit; the parent's own bound only stops a worker that does not. */
const LOG_SLACK_BYTES = 64 * 2 ** 10

export function startWorker(options: WorkerOptions): Worker {
  const { memoryBytes } = options
  const launched = options.launch({
    heapBytes: Math.ceil(memoryBytes * 1.25) + PROCESS_BYTES,
    ...(options.script === undefined ? {} : { script: options.script }),
  })
  const reader = createFrameReader()
  const ready = Promise.withResolvers<boolean>()
  const died = Promise.withResolvers<Death>()
  let state: 'booting' | 'idle' | 'running' | 'dead' = 'booting'
  let running: Running | undefined
  let death: Death | undefined
  let runs = 0

  const bootTimer = setTimeout(() => kill({ kind: 'boot', message: 'it did not start in time' }), options.bootMsMax)
  launched.stream.on('data', read)
  // Whatever breaks the channel, the worker is of no more use; the way it ended is told by `exited`.
  launched.stream.on('error', () => launched.kill())
  launched.stream.on('end', () => launched.kill())
  void launched.exited.then((exit) => bury(death ?? { kind: 'exit', exit }))

  function read(chunk: Buffer): void {
    if (state === 'dead' || death) return
    reader.push(chunk)
    for (;;) {
      const result = reader.next(expectation())
      if (result.kind === 'wait') return
      const broken = result.kind === 'violation' ? result.message : accept(result.frame)
      if (broken !== undefined) return kill({ kind: 'violation', message: broken })
    }
  }

  function expectation(): Expectation {
    const nonce = running?.nonce ?? NO_NONCE
    return { nonce, payloadBytesMax: (type) => payloadBytesMax(type, state, running) }
  }

  /** Takes a frame that is due; a text when its content breaks the protocol. */
  function accept(frame: Frame): string | undefined {
    if (frame.type === FRAME.ready) return becomeReady()
    if (!running) return 'a frame outside of a run'
    if (frame.type === FRAME.need) return sendProgram(running)
    if (frame.type === FRAME.log) return takeLog(running, frame)
    const report = readResultMessage(frame.payload)
    if (!report) return 'a result that is not understood'
    if (reader.pendingBytes() > 0) return 'bytes after the result'
    runs++
    finish(report)
    return undefined
  }

  function becomeReady(): undefined {
    clearTimeout(bootTimer)
    state = 'idle'
    ready.resolve(true)
  }

  function sendProgram(to: Running): undefined {
    to.needed = true
    launched.stream.write(encodeFrame(FRAME.program, to.nonce, to.call.programBytes))
  }

  function takeLog(to: Running, frame: Frame): string | undefined {
    const entry = readLogLine(frame.payload)
    if (!entry) return 'a log line without a level'
    to.logBytes += frame.payload.length
    if (to.logBytes > 2 * to.call.message.limits.logs + LOG_SLACK_BYTES) kill({ kind: 'limit', limit: 'logs' })
    else to.call.onLog(entry.level, entry.line)
    return undefined
  }

  function run(call: WorkerCall): Promise<WorkerReport> {
    if (death || state === 'dead') return died.promise.then((reason) => deathReport(reason, call))
    if (state !== 'idle') throw new Error(`a run on a worker that is ${state}`)
    const { promise, resolve } = Promise.withResolvers<WorkerReport>()
    const timers = [
      setTimeout(() => kill({ kind: 'limit', limit: 'wall' }), call.message.limits.wall),
      setInterval(watchMemory, WATCH_MS),
    ]
    const nonce = randomFillSync(Buffer.alloc(NONCE_BYTES))
    running = { call, nonce, startedMs: performance.now(), timers, settle: resolve, needed: false, logBytes: 0 }
    state = 'running'
    launched.stream.write(encodeFrame(FRAME.run, nonce, Buffer.from(JSON.stringify(call.message))))
    return promise
  }

  function watchMemory(): void {
    const residentBytes = launched.usage()?.residentBytes ?? 0
    if (residentBytes > 1.5 * memoryBytes + 2 * PROCESS_BYTES) kill({ kind: 'limit', limit: 'memory' })
  }

  function finish(report: WorkerReport, next: 'idle' | 'dead' = 'idle'): void {
    const done = running
    running = undefined
    state = next
    for (const timer of done?.timers ?? []) clearTimeout(timer)
    done?.settle(report)
  }

  function kill(reason: Death): void {
    death ??= reason
    launched.kill()
  }

  /** The process is gone: only now is its run over, so that nothing of it can still be at work. */
  function bury(reason: Death): void {
    clearTimeout(bootTimer)
    state = 'dead'
    if (running) finish(deathReport(reason, running.call, running), 'dead')
    ready.resolve(false)
    died.resolve(reason)
  }

  const { pid } = launched
  return {
    ready: ready.promise,
    died: died.promise,
    memoryBytes,
    pid,
    // Who was told to die takes no more runs, although the process may take a moment to end.
    state: () => (death ? 'dead' : state),
    runs: () => runs,
    run,
    kill,
  }
}

/** What the parent itself knows of a run that its worker did not end. */
function deathReport(death: Death, call: WorkerCall, running?: Running): WorkerReport {
  const wallMs = running ? performance.now() - running.startedMs : 0
  const usage = { fuel: 0, allocatedBytes: 0, depthMax: 0, logBytes: running?.logBytes ?? 0, wallMs }
  return { outcome: deathOutcome(death, call.message.limits), usage }
}

/** Which frames may come in which state, and how large. */
function payloadBytesMax(type: number, state: string, running: Running | undefined): number | undefined {
  if (type === FRAME.ready) return state === 'booting' ? 0 : undefined
  if (!running) return undefined
  const { limits } = running.call.message
  if (type === FRAME.need) return running.needed ? undefined : 0
  if (type === FRAME.log) return Math.min(FRAME_BYTES_MAX, 4 * limits.logs + 1)
  if (type === FRAME.result) return Math.min(FRAME_BYTES_MAX, 8 * limits.output + RESULT_OVERHEAD_BYTES)
  return undefined
}
