import { Readable } from 'node:stream'

const BUFFER_BYTES = 2 ** 16

/**
 * A body that is made as its reader takes it. A reader that takes nothing for `stallMs` is cut off, so that nobody can make
 * the service keep what it reads from.
 */
export function streamOf(chunks: AsyncIterable<string>, stallMs: number): Readable {
  async function* watched(): AsyncGenerator<string> {
    let timer: NodeJS.Timeout | undefined
    try {
      for await (const chunk of chunks) {
        timer = setTimeout(() => stream.destroy(), stallMs)
        yield chunk
        clearTimeout(timer)
      }
    } finally {
      clearTimeout(timer)
    }
  }
  const stream = Readable.from(watched(), { objectMode: false, highWaterMark: BUFFER_BYTES })
  return stream
}

/** How many streams each principal has open. */
export class OpenStreams {
  readonly #counts = new Map<string, number>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** What is to be called at the end of a stream; undefined when there may be no more. */
  open(principal: string): (() => void) | undefined {
    const count = this.#counts.get(principal) ?? 0
    if (count >= this.#max) return undefined
    this.#counts.set(principal, count + 1)
    return () => {
      const left = (this.#counts.get(principal) ?? 1) - 1
      if (left > 0) this.#counts.set(principal, left)
      else this.#counts.delete(principal)
    }
  }
}
