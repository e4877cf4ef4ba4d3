import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { EffectFailure } from '../failure.ts'
import type { IoMeter } from '../meter.ts'

/** Codings that are undone (RFC 9110 section 8.4.1). */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
  zstd: createZstdDecompress,
}
export const ACCEPTED_CODINGS = 'gzip, br'
const LAYERS_MAX = 3

/**
 * Reads a body to its end and undoes its codings; with one that is not known it stays as it came. Bytes are counted as
 * they come from the wire and as they come out of a decoder. Throws the failure of a body of more than `bytesMax`.
 */
export async function readBody(message: IncomingMessage, meter: IoMeter, bytesMax: number): Promise<Buffer> {
  const codings = codingsOf(message)
  if (codings.length > LAYERS_MAX) throw tooLarge(`is coded more than ${LAYERS_MAX} times`)
  const known = codings.every((coding) => Object.hasOwn(DECODERS, coding))
  const decoders = known ? codings.map((coding) => DECODERS[coding]!()) : []
  const chunks: Buffer[] = []
  let total = 0
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      total += chunk.length
      meter.takeIn(chunk.length)
      if (total > bytesMax) throw tooLarge(`has more than ${bytesMax} bytes`)
      chunks.push(chunk)
    }
  }
  async function* count(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of source) {
      if (decoders.length > 0) meter.takeIn(chunk.length)
      yield chunk
    }
  }
  await pipeline([message, count, ...decoders, collect])
  return Buffer.concat(chunks)
}

/** The codings of a body, the last one first; a message that can have no body has none. */
function codingsOf(message: IncomingMessage): readonly string[] {
  const { statusCode, headers, complete } = message
  if (statusCode === 204 || statusCode === 304 || (complete && message.readableLength === 0)) return []
  const codings = (headers['content-encoding'] ?? '').toLowerCase().split(',')
  return codings
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse()
}

const tooLarge = (why: string): EffectFailure => new EffectFailure('too-large', `http: the body of the answer ${why}`)
