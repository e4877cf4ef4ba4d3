import type { Mode } from '../base/index.ts'
import { loadProgram, runWithin, type Program } from '../engine/index.ts'
import type { Channel } from './channel.ts'
import { readAnswer, writeCall, writeLeft, writeSequence } from './effect-frames.ts'
import {
  LOG_LEVELS,
  NO_USAGE,
  readRunMessage,
  writeResultMessage,
  type LogLevel,
  type ReceivedRun,
  type ResultMessage,
  type RunMessage,
} from './messages.ts'
import { programIdOf } from './program-id.ts'
import { collect, Meter, type RunMeter } from './run-meter.ts'
import { FRAME, PROGRAMS_KEPT_MAX } from './wire.ts'

/** Garbage that may stay between runs. */
const IDLE_GARBAGE_BYTES = 32 * 2 ** 20

type Loaded = ReturnType<typeof loadProgram>

/** Runs what comes over a channel, one after another; programs stay loaded. */
export class Runner {
  readonly #channel: Channel
  /** The least recently used first. */
  readonly #programs = new Map<string, Loaded>()
  readonly #meter = new Meter()
  /** What was in use when garbage was collected last. */
  #quietBytes = this.#meter.bytes

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** Waits for a run, does it, and says how it ended. */
  serveRun(): void {
    const { nonce, payload } = this.#channel.receive(FRAME.run)
    const meter = this.#meter.start()
    const message = readRunMessage(payload)
    const loaded = this.#find(message, nonce)
    const result: ResultMessage =
      'diagnostics' in loaded
        ? { outcome: { kind: 'refused', ...loaded }, usage: { ...NO_USAGE, ...meter.used() }, readsWorld: false }
        : this.#execute(loaded.program, message, nonce, meter)
    this.#channel.send(FRAME.result, nonce, writeResultMessage(result))
  }

  /** To be called between runs: collects garbage while nobody waits for it. */
  rest(): void {
    if (this.#meter.bytes - this.#quietBytes < IDLE_GARBAGE_BYTES) return
    collect()
    this.#meter.skip()
    this.#quietBytes = this.#meter.bytes
  }

  /** The program of a run, loaded once: asked for only when it is neither known nor brought along. */
  #find({ programId, bringsProgram }: ReceivedRun, nonce: Buffer): Loaded {
    const known = bringsProgram ? undefined : this.#programs.get(programId)
    if (!known && !bringsProgram) this.#channel.send(FRAME.need, nonce)
    const loaded = known ?? this.#receiveProgram(programId)
    this.#programs.delete(programId)
    this.#programs.set(programId, loaded)
    if (this.#programs.size > PROGRAMS_KEPT_MAX) this.#programs.delete(this.#programs.keys().next().value!)
    return loaded
  }

  #receiveProgram(programId: string): Loaded {
    const bytes = new Uint8Array(this.#channel.receive(FRAME.program).payload)
    if (programIdOf(bytes) !== programId) throw new Error('the program is not the one that was named')
    return loadProgram(bytes)
  }

  #execute(program: Program, message: RunMessage, nonce: Buffer, meter: RunMeter): ResultMessage {
    const channel = this.#channel
    const { limits } = message
    const report = runWithin(program, limits, {
      entry: message.entry,
      args: message.args,
      world: message.world,
      mode: message.mode as Mode,
      host: {
        now: () => performance.now(),
        log: (level, line) => {
          const text = Buffer.from(`\0${line}`)
          text[0] = Math.max(0, LOG_LEVELS.indexOf(level as LogLevel))
          channel.send(FRAME.log, nonce, text)
        },
        liveBytes: () => meter.liveBytes(limits.memory),
        effects: {
          start: (call) => channel.send(FRAME.effect, nonce, writeCall(call)),
          cancel: (sequence) => channel.send(FRAME.cancel, nonce, writeSequence(sequence)),
          next: (left) => {
            channel.send(FRAME.wait, nonce, writeLeft(left))
            return readAnswer(channel.receive(FRAME.answer).payload)
          },
        },
      },
    })
    return { ...report, usage: { ...report.usage, ...meter.used() } }
  }
}
