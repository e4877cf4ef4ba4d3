import type { EffectAnswer, EffectCall, Left } from '../effects/index.ts'
import { isEffectName } from '../ir/index.ts'

const SEQUENCE_BYTES = 4
const NAME_LENGTH_BYTES = 1
const NUMBER_BYTES = 8
const ANSWER_HEAD_BYTES = SEQUENCE_BYTES + 3 * NUMBER_BYTES
/** `f64 fuel | f64 allocation`. */
export const LEFT_BYTES = 2 * NUMBER_BYTES

/** `u32 sequence | u8 length of the name | name | arguments as JSON text`. */
export function writeCall({ sequence, name, args }: EffectCall): Buffer {
  const [nameBytes, argsBytes] = [Buffer.from(name), Buffer.from(args)]
  const head = Buffer.alloc(SEQUENCE_BYTES + NAME_LENGTH_BYTES)
  head.writeUInt32BE(sequence)
  head.writeUInt8(nameBytes.length, SEQUENCE_BYTES)
  return Buffer.concat([head, nameBytes, argsBytes])
}

/** Undefined for what is no call. Its arguments need not be JSON: the broker judges them. */
export function readCall(payload: Buffer): EffectCall | undefined {
  const head = SEQUENCE_BYTES + NAME_LENGTH_BYTES
  if (payload.length < head) return undefined
  const end = head + payload.readUInt8(SEQUENCE_BYTES)
  const name = payload.toString('latin1', head, end)
  if (payload.length < end || !isEffectName(name)) return undefined
  return { sequence: payload.readUInt32BE(), name, args: payload.toString('utf8', end) }
}

export function writeSequence(sequence: number): Buffer {
  const bytes = Buffer.alloc(SEQUENCE_BYTES)
  bytes.writeUInt32BE(sequence)
  return bytes
}

export function readSequence(payload: Buffer): number | undefined {
  return payload.length === SEQUENCE_BYTES ? payload.readUInt32BE() : undefined
}

/** What the run has left, as it waits: see {@link LEFT_BYTES}. */
export function writeLeft({ fuel, allocation }: Left): Buffer {
  const bytes = Buffer.alloc(LEFT_BYTES)
  bytes.writeDoubleBE(fuel)
  bytes.writeDoubleBE(allocation, NUMBER_BYTES)
  return bytes
}

/** Undefined for what are no amounts; those of a worker that lies are for whoever gives of them to bound. */
export function readLeft(payload: Buffer): Left | undefined {
  if (payload.length !== LEFT_BYTES) return undefined
  const [fuel, allocation] = [payload.readDoubleBE(), payload.readDoubleBE(NUMBER_BYTES)]
  return isAmount(fuel) && isAmount(allocation) ? { fuel, allocation } : undefined
}

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** `u32 sequence | f64 elapsed | f64 fuel taken | f64 allocation taken | text`; empty when no call is under way. */
export function writeAnswer(answer: EffectAnswer | undefined): Buffer {
  if (!answer) return Buffer.alloc(0)
  const { sequence, elapsed, taken = { fuel: 0, allocation: 0 }, text } = answer
  const head = Buffer.alloc(SEQUENCE_BYTES + NUMBER_BYTES)
  head.writeUInt32BE(sequence)
  head.writeDoubleBE(elapsed, SEQUENCE_BYTES)
  return Buffer.concat([head, writeLeft(taken), Buffer.from(text)])
}

/** Only for what {@link writeAnswer} has written: the worker trusts its parent. */
export function readAnswer(payload: Buffer): EffectAnswer | undefined {
  if (payload.length === 0) return undefined
  const elapsed = payload.readDoubleBE(SEQUENCE_BYTES)
  const taken = readLeft(payload.subarray(SEQUENCE_BYTES + NUMBER_BYTES, ANSWER_HEAD_BYTES))
  return {
    sequence: payload.readUInt32BE(),
    elapsed,
    text: payload.toString('utf8', ANSWER_HEAD_BYTES),
    ...(taken && { taken }),
  }
}
