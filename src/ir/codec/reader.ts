/** Why bytes are no module, and where. Thrown and caught inside the decoder only. */
export class Malformed extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Reads what {@link ByteWriter} wrote; every read is bounded by the bytes that are there. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.offset
  }

  fail(message: string): never {
    throw new Malformed(message, this.offset)
  }

  byte(): number {
    const value = this.#bytes[this.offset]
    if (value === undefined) return this.fail('the bytes end too early')
    this.offset++
    return value
  }

  /** A byte that numbers one of `names`. */
  oneOf<T extends string>(names: readonly T[], what: string): T {
    const name = names[this.byte()]
    if (name === undefined) return this.fail(`unknown ${what}`)
    return name
  }

  uint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte()
      value += (byte & 127) * scale
      if (value > Number.MAX_SAFE_INTEGER) return this.fail('a number is too large')
      if (byte < 128) {
        if (byte === 0 && scale > 1) return this.fail('a number has needless digits')
        return value
      }
      if (scale > 2 ** 49) return this.fail('a number is too long')
    }
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  float(): number {
    if (this.left < 8) return this.fail('the bytes end too early')
    const value = this.#view.getFloat64(this.offset, true)
    this.offset += 8
    return value
  }

  bytes(count: number): Uint8Array {
    if (count > this.left) return this.fail('the bytes end too early')
    this.offset += count
    return this.#bytes.subarray(this.offset - count, this.offset)
  }

  /** A count of things that take at least one byte each, so that a short input never makes a long list. */
  count(): number {
    const count = this.uint()
    if (count > this.left) return this.fail('a list is longer than the bytes that are left')
    return count
  }

  list<T>(read: () => T): T[] {
    const items: T[] = []
    for (let left = this.count(); left > 0; left--) items.push(read())
    return items
  }
}
