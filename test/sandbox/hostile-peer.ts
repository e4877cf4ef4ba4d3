// Peers in this process that speak the wire like workers and then damage what they say: as fast as memory, with no process to start.
import { Duplex } from 'node:stream'
import type { Launch } from '../../src/sandbox/launch.ts'
import { readRunMessage, writeResultMessage, type ResultMessage } from '../../src/sandbox/messages.ts'
import { LEFT_BYTES } from '../../src/sandbox/effect-frames.ts'
import { createFrameReader, encodeFrame, FRAME, NO_NONCE } from '../../src/sandbox/wire.ts'

/** A whole number below `n`. */
export type Random = (n: number) => number

/** Mulberry32: the same numbers for the same seed. */
export function createRandom(state: number): Random {
  return (n) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
}

const MESSAGE: ResultMessage = {
  outcome: { kind: 'returned', value: 0 },
  args: [],
  usage: { fuel: 1, allocatedBytes: 2, depthMax: 3, logBytes: 4, wallMs: 0.05, cpuMs: 6, peakBytes: 7 },
  readsWorld: false,
}

/** The payload of a good result; `change` is what differs, right or wrong. */
export function resultPayload(change: { readonly [K in keyof ResultMessage]?: unknown } = {}): Buffer {
  return writeResultMessage({ ...MESSAGE, ...change } as ResultMessage)
}

/** As {@link resultPayload}, with a text in place of the JSON. */
export function resultWithText(text: string | Buffer): Buffer {
  const whole = resultPayload()
  return Buffer.concat([whole.subarray(0, whole.indexOf('{')), Buffer.from(text)])
}

/** `wallMs`: how long the run took, as the worker says. */
export const resultFrame = (nonce: Buffer, value: unknown, wallMs = 0.05): Buffer =>
  encodeFrame(
    FRAME.result,
    nonce,
    resultPayload({ outcome: { kind: 'returned', value }, usage: { ...MESSAGE.usage, wallMs } }),
  )

/** Arguments that were sent longer ago are of no interest. */
export const REMEMBERED = 4096

/** What all peers of a test share: one stream of chance, a count, and frames of other executions to play again. */
export class Malice {
  readonly random: Random
  mutated = 0
  readonly #overheard: Buffer[] = []
  readonly #nonces: Buffer[] = [NO_NONCE]
  /** By argument, what the peers that were sent it were sent, in order; of the latest arguments. */
  readonly #sent = new Map<string, (readonly string[])[]>()

  constructor(random: Random) {
    this.random = random
  }

  /** Whether a peer is good for once: then it answers and lives on. */
  isGood(): boolean {
    return this.random(8) === 0
  }

  /** Remembers what was said in one execution, to say it in another. */
  overhear(nonce: Buffer, frame: Buffer): void {
    this.#nonces[this.random(64)] = nonce
    this.#overheard[this.random(64)] = frame
  }

  /** Notes that a peer was sent an argument, as the last of `all` of its own. */
  note(value: string, all: readonly string[]): void {
    const lists = this.#sent.get(value) ?? []
    lists.push(all)
    this.#sent.delete(value)
    this.#sent.set(value, lists)
    if (this.#sent.size > REMEMBERED) this.#sent.delete(this.#sent.keys().next().value!)
  }

  /** Whether some peer was sent `later` behind `value`, so that it had both while it was about the first. */
  wereLinedUp(value: string, later: string): boolean {
    const lists = this.#sent.get(value) ?? []
    return lists.some((all) => all.includes(later, all.indexOf(value) + 1))
  }

  #pick<T>(from: readonly (T | undefined)[]): T | undefined {
    return from[this.random(Math.max(1, from.length))]
  }

  /** The frames of a run in an order that may be right, all of them damaged or out of place. `own`: names of executions that the peer was sent. */
  frames(nonce: Buffer, value: string, own: readonly Buffer[]): Buffer[] {
    return Array.from({ length: 1 + this.random(8) }, (_, i) => {
      const overheard = this.random(9) === 0 ? this.#pick(this.#overheard) : undefined
      // What is another's no peer could know: it does not say it in the name of an execution of its own.
      return overheard ? this.#damage(overheard, own) : this.#damage(this.#frame(nonce, value, i), [nonce])
    })
  }

  #frame(nonce: Buffer, value: string, i: number): Buffer {
    const { random } = this
    switch (random(8)) {
      case 0:
        return resultFrame(nonce, value)
      case 1:
        return encodeFrame(FRAME.need, nonce)
      case 2:
      case 3: {
        const call = Buffer.from(`\0\0\0${String.fromCharCode(i)}\x07kv.read["a"]`, 'latin1')
        return encodeFrame(FRAME.effect, nonce, call)
      }
      case 4:
        return encodeFrame(FRAME.cancel, nonce, Buffer.from([0, 0, 0, random(3)]))
      case 5:
        return encodeFrame(FRAME.wait, nonce, Buffer.alloc(random(8) === 0 ? random(20) : LEFT_BYTES, random(3)))
      case 6:
        return encodeFrame(FRAME.ready, NO_NONCE)
      default:
        return encodeFrame(FRAME.log, nonce, Buffer.from(`\0${'line '.repeat(random(20))}`))
    }
  }

  /** `own`: names that it is not given. */
  #damage(given: Buffer, own: readonly Buffer[]): Buffer {
    this.mutated++
    const { random } = this
    const frame = Buffer.from(given)
    switch (random(10)) {
      case 0:
        for (let n = random(4); n >= 0; n--) frame[random(frame.length)] = random(256)
        return frame
      case 1:
        return frame.subarray(0, random(frame.length))
      case 2:
        frame.writeUInt32BE(random(4) === 0 ? random(2 ** 32) : Math.max(0, frame.readUInt32BE() + random(9) - 4))
        return frame
      case 3:
        frame[4] = random(14)
        return frame
      case 4:
        return this.#rename(frame, own)
      case 5:
        frame[5 + random(8)]! ^= 1 << random(8)
        return frame
      case 6:
        return Buffer.concat([frame, frame.subarray(0, random(frame.length))])
      case 7:
        return Buffer.from(Array.from({ length: 1 + random(40) }, () => random(256)))
      case 8:
        return this.#respell(frame)
      default:
        return frame
    }
  }

  /** Puts another execution's name on a frame. */
  #rename(frame: Buffer, own: readonly Buffer[]): Buffer {
    const other = this.#pick(this.#nonces) ?? NO_NONCE
    if (!own.some((name) => other.equals(name))) other.copy(frame, 5)
    return frame
  }

  /** Damages JSON as JSON: what is changed is a member or its value, so that the frame gets past its reader. */
  #respell(frame: Buffer): Buffer {
    const words = ['"kind"', '"returned"', '"usage"', 'null', '{}', '[]', '1e999', '-1', '"__proto__"', '"constructor"']
    const text = frame.toString('latin1', 13)
    const at = text.search(/"[a-zA-Z]+"/)
    if (at < 0) return frame
    const tokens = text.match(/"[^"]*"|[\d.]+/g) ?? []
    const from = tokens[this.random(tokens.length)]!
    const changed = text.replace(from, words[this.random(words.length)]!)
    return encodeFrame(frame[4]!, frame.subarray(5, 13), Buffer.from(changed, 'latin1'))
  }
}

/** The channel of a peer: what the parent writes is handed to `onWrite`. */
class Channel extends Duplex {
  readonly onWrite: (bytes: Buffer) => void
  constructor(onWrite: (bytes: Buffer) => void) {
    super()
    this.onWrite = onWrite
  }
  override _read(): void {
    // What a peer says is pushed when it says it.
  }
  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.onWrite(bytes)
    done()
  }
}

const ANYTHING = { largestBytes: 2 ** 30, payloadBytesMax: () => 2 ** 30 }

/** Launches peers that run what they are asked and answer with their argument, damaged by `malice` but for now and then. */
export function launchHostile(malice: Malice): Launch {
  return () => {
    const { promise: exited, resolve: exit } = Promise.withResolvers<{ code: null; signal: string; stderr: string }>()
    const reader = createFrameReader()
    const values: string[] = []
    const nonces: Buffer[] = []
    let isDead = false
    const stream = new Channel((bytes) => {
      reader.push(bytes)
      for (let got = reader.next(ANYTHING); got.kind === 'frame'; got = reader.next(ANYTHING)) {
        if (got.frame.type !== FRAME.run) continue
        const nonce = Buffer.from(got.frame.nonce)
        const value = readRunMessage(got.frame.payload).args[0] as string
        values.push(value)
        nonces.push(nonce)
        malice.note(value, values)
        speak(nonce, value)
      }
    })
    const say = (bytes: Buffer): void => void (isDead || stream.push(bytes))
    function speak(nonce: Buffer, value: string): void {
      const good = resultFrame(nonce, value)
      malice.overhear(nonce, good)
      if (malice.isGood()) return say(good)
      const bytes = Buffer.concat(malice.frames(nonce, value, nonces))
      const cut = malice.random(bytes.length + 1)
      say(bytes.subarray(0, cut))
      say(bytes.subarray(cut))
      // What was said may be a frame that is not complete, for ever: end rather than wait for the wall limit.
      queueMicrotask(() => setImmediate(kill))
    }
    function kill(): void {
      if (isDead) return
      isDead = true
      stream.destroy()
      exit({ code: null, signal: 'SIGKILL', stderr: '' })
    }
    say(encodeFrame(FRAME.ready, NO_NONCE))
    return { stream, kill, usage: () => undefined, processId: () => undefined, exited, pid: undefined }
  }
}
