import { ByteWriter } from './bytes.ts'
import { GC, OP, SAT, type PlainOp } from './opcodes.ts'
import type { ValType } from './types.ts'

/** A label of a block, loop or try: what `br` names. Distances are found when a branch is written. */
export type Label = { readonly depth: number }

/** Whether the branch at an offset of a function body, which an `if` is too, is likely taken. */
export type BranchHint = { readonly offset: number; readonly isLikely: boolean }

/** Type of a block: no result, one result, or the index of a function type. */
export type BlockType = ValType | number | undefined

/**
 * Writes the body of one function. Methods are named after the instructions; they return the
 * writer, so that a sequence of instructions reads as one.
 */
export class Code {
  readonly #out = new ByteWriter()
  readonly #locals: ValType[] = []
  readonly #paramCount: number
  readonly #free = new Map<ValType, number[]>()
  readonly #hints: BranchHint[] = []
  #depth = 0

  constructor(paramCount: number) {
    this.#paramCount = paramCount
  }

  /** Offset of the next instruction within the instructions of the body. */
  get offset(): number {
    return this.#out.length
  }

  /** A new local; it begins with the default value of its type. */
  local(type: ValType): number {
    this.#locals.push(type)
    return this.#paramCount + this.#locals.length - 1
  }

  /** A local for a short while: to be given back with {@link release}. It may hold any old value. */
  borrow(type: ValType): number {
    return this.#free.get(type)?.pop() ?? this.local(type)
  }

  release(type: ValType, ...locals: readonly number[]): this {
    const free = this.#free.get(type)
    if (free) free.push(...locals)
    else this.#free.set(type, [...locals])
    return this
  }

  op(name: PlainOp): this {
    this.#out.u8(OP[name])
    return this
  }

  sat(name: keyof typeof SAT): this {
    this.#out.u8(0xfc)
    this.#out.u32(SAT[name])
    return this
  }

  /** An instruction of the GC proposal with its immediates: type indices, field indices, counts. */
  gc(name: keyof typeof GC, ...immediates: readonly number[]): this {
    this.#out.u8(0xfb)
    this.#out.u32(GC[name])
    for (const immediate of immediates) this.#out.u32(immediate)
    return this
  }

  /** `ref.test`, `ref.cast` and their nullable forms; abstract heap types are given as in `HEAP`. */
  refOp(name: 'ref.test' | 'ref.test_null' | 'ref.cast' | 'ref.cast_null', type: number, isAbstract = false): this {
    this.#out.u8(0xfb)
    this.#out.u32(GC[name])
    if (isAbstract) this.#out.u8(type)
    else this.#out.s32(type)
    return this
  }

  get(local: number): this {
    return this.#indexed(0x20, local)
  }

  set(local: number): this {
    return this.#indexed(0x21, local)
  }

  tee(local: number): this {
    return this.#indexed(0x22, local)
  }

  globalGet(global: number): this {
    return this.#indexed(0x23, global)
  }

  globalSet(global: number): this {
    return this.#indexed(0x24, global)
  }

  call(func: number): this {
    return this.#indexed(0x10, func)
  }

  callRef(type: number): this {
    return this.#indexed(0x14, type)
  }

  refFunc(func: number): this {
    return this.#indexed(0xd2, func)
  }

  /** `i32.store`: writes four bytes of the memory. */
  store(): this {
    this.#out.raw([0x36, 2, 0])
    return this
  }

  throw(tag: number): this {
    return this.#indexed(0x08, tag)
  }

  i32(value: number): this {
    this.#out.u8(0x41)
    this.#out.s32(value)
    return this
  }

  i64(value: bigint): this {
    this.#out.u8(0x42)
    this.#out.s64(value)
    return this
  }

  f64(value: number): this {
    this.#out.u8(0x44)
    this.#out.f64(value)
    return this
  }

  /** A double by its bits: NaNs of the host may lose theirs. */
  f64Bits(bits: bigint): this {
    this.#out.u8(0x44)
    for (let i = 0n; i < 64n; i += 8n) this.#out.u8(Number((bits >> i) & 0xffn))
    return this
  }

  /** `ref.null` of a heap type: an index, or an abstract one as in `HEAP`. */
  refNull(type: number, isAbstract = false): this {
    this.#out.u8(0xd0)
    if (isAbstract) this.#out.u8(type)
    else this.#out.s32(type)
    return this
  }

  select(type: ValType): this {
    this.#out.raw([0x1c, 1, ...type])
    return this
  }

  block(type?: BlockType): Label {
    return this.#open(0x02, type)
  }

  loop(type?: BlockType): Label {
    return this.#open(0x03, type)
  }

  /** Says that the condition of the next `if` or `br_if` hardly ever holds: the host keeps what comes then out of the way. */
  rarely(): this {
    this.#hints.push({ offset: this.offset, isLikely: false })
    return this
  }

  /** Says that the condition of the next `if` or `br_if` nearly always holds. */
  mostly(): this {
    this.#hints.push({ offset: this.offset, isLikely: true })
    return this
  }

  if(type?: BlockType): this {
    this.#open(0x04, type)
    return this
  }

  else(): this {
    this.#out.u8(0x05)
    return this
  }

  /** `try_table` with one clause: exceptions of `tag` go to `handler`, with their values. */
  tryTable(tag: number, handler: Label, type?: BlockType): Label {
    // The clause stands outside of the block that it opens.
    const distance = this.#depth - handler.depth
    const label = this.#open(0x1f, type)
    this.#out.raw([1, 0])
    this.#out.u32(tag)
    this.#out.u32(distance)
    return label
  }

  end(): this {
    this.#depth--
    this.#out.u8(0x0b)
    return this
  }

  br(label: Label): this {
    return this.#indexed(0x0c, this.#depth - label.depth)
  }

  brIf(label: Label): this {
    return this.#indexed(0x0d, this.#depth - label.depth)
  }

  brTable(labels: readonly Label[], otherwise: Label): this {
    this.#out.u8(0x0e)
    this.#out.u32(labels.length)
    for (const label of [...labels, otherwise]) this.#out.u32(this.#depth - label.depth)
    return this
  }

  /** The instructions alone, as initial values of globals have them. */
  instructions(): Uint8Array {
    return this.#out.bytes
  }

  /**
   * Writes the body with its locals; `start` of the result is where offset 0 of the instructions came to lie, and `hints` are by offsets from
   * where the locals are declared.
   */
  finish(out: ByteWriter): { readonly start: number; readonly hints: readonly BranchHint[] } {
    const head = new ByteWriter()
    const runs: [ValType, number][] = []
    for (const type of this.#locals) {
      const last = runs.at(-1)
      if (last && last[0] === type) last[1]++
      else runs.push([type, 1])
    }
    head.u32(runs.length)
    for (const [type, count] of runs) {
      head.u32(count)
      head.raw(type)
    }
    this.#out.u8(0x0b)
    out.u32(head.length + this.#out.length)
    out.raw(head.bytes)
    const start = out.length
    out.raw(this.#out.bytes)
    return { start, hints: this.#hints.map((hint) => ({ ...hint, offset: head.length + hint.offset })) }
  }

  #indexed(opcode: number, index: number): this {
    this.#out.u8(opcode)
    this.#out.u32(index)
    return this
  }

  #open(opcode: number, type: BlockType): Label {
    this.#out.u8(opcode)
    if (type === undefined) this.#out.u8(0x40)
    else if (typeof type === 'number') this.#out.s32(type)
    else this.#out.raw(type)
    return { depth: ++this.#depth }
  }
}
