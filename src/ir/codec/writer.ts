/** Appends to a growing byte string. Numbers are unsigned LEB128 unless said otherwise. */
export class ByteWriter {
  #bytes = new Uint8Array(1024)
  #length = 0

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  /** An integer from 0 to 2^53-1. Anything else is a defect of the caller. */
  uint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`cannot encode ${value} as an unsigned integer`)
    this.#reserve(8)
    let rest = value
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  /** A signed integer of at most 52 bits: 0, -1, 1, -2 ... are 0, 1, 2, 3 ... */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** IEEE 754 binary64, little endian; NaN has one form. */
  float(value: number): void {
    this.#reserve(8)
    const view = new DataView(this.#bytes.buffer, this.#length, 8)
    if (value === value) view.setFloat64(0, value, true)
    else view.setBigUint64(0, NAN_BITS, true)
    this.#length += 8
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length)
    this.#bytes.set(values, this.#length)
    this.#length += values.length
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** The quiet NaN that stands for all of them. */
const NAN_BITS = 0x7ff8000000000000n
