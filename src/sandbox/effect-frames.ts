import type { EffectAnswer, EffectCall } from '../effects/index.ts'
import { isEffectName } from '../ir/index.ts'

const SEQUENCE_BYTES = 4
const NAME_LENGTH_BYTES = 1
const ELAPSED_BYTES = 8

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

/** `u32 sequence | f64 elapsed | text`; empty when no call is under way. */
export function writeAnswer(answer: EffectAnswer | undefined): Buffer {
  if (!answer) return Buffer.alloc(0)
  const head = Buffer.alloc(SEQUENCE_BYTES + ELAPSED_BYTES)
  head.writeUInt32BE(answer.sequence)
  head.writeDoubleBE(answer.elapsed, SEQUENCE_BYTES)
  return Buffer.concat([head, Buffer.from(answer.text)])
}

/** Only for what {@link writeAnswer} has written: the worker trusts its parent. */
export function readAnswer(payload: Buffer): EffectAnswer | undefined {
  if (payload.length === 0) return undefined
  const elapsed = payload.readDoubleBE(SEQUENCE_BYTES)
  return { sequence: payload.readUInt32BE(), elapsed, text: payload.toString('utf8', SEQUENCE_BYTES + ELAPSED_BYTES) }
}
