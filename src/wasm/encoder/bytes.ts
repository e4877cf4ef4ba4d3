const FIRST_BYTES = 256
const TEXT = new TextEncoder()
/** Where numbers become bytes. */
const SCRATCH = new DataView(new ArrayBuffer(8))
const SCRATCH_BYTES = new Uint8Array(SCRATCH.buffer)

/** A buffer of bytes that grows, with the encodings of the WebAssembly binary format (core spec 5.2). */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_BYTES)
  length = 0

  /** The bytes written so far; valid until the next write. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length)
  }

  u8(byte: number): void {
    if (this.length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.length++] = byte
  }

  /** Unsigned LEB128 of a number below 2^32. */
  u32(value: number): void {
    let left = value
    while (left > 0x7f) {
      this.u8((left & 0x7f) | 0x80)
      left >>>= 7
    }
    this.u8(left)
  }

  /** Signed LEB128 of a number of 32 bits. */
  s32(value: number): void {
    let left = value | 0
    for (;;) {
      const byte = left & 0x7f
      left >>= 7
      if ((left === 0 && (byte & 0x40) === 0) || (left === -1 && (byte & 0x40) !== 0)) return this.u8(byte)
      this.u8(byte | 0x80)
    }
  }

  /** Signed LEB128 of a number of 64 bits. */
  s64(value: bigint): void {
    if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return this.s32(Number(value))
    let left = value
    for (;;) {
      const byte = Number(left & 0x7fn)
      left >>= 7n
      if ((left === 0n && (byte & 0x40) === 0) || (left === -1n && (byte & 0x40) !== 0)) return this.u8(byte)
      this.u8(byte | 0x80)
    }
  }

  f64(value: number): void {
    SCRATCH.setFloat64(0, value, true)
    this.raw(SCRATCH_BYTES)
  }

  raw(bytes: ArrayLike<number>): void {
    this.#grow(bytes.length)
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** A vector: its length, then its elements. */
  sized(bytes: ArrayLike<number>): void {
    this.u32(bytes.length)
    this.raw(bytes)
  }

  name(text: string): void {
    this.sized(TEXT.encode(text))
  }

  #grow(by: number): void {
    const need = this.length + by
    if (need <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(need, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
