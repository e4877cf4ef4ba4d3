import { NO_SPAN, type Span } from '../base/index.ts'
import type { Bank } from './kinds.ts'
import { OPCODES, WIDTH, type Opcode } from './opcodes.ts'
import type { Site } from './operation.ts'

/** A place in the code that jumps name before or after it is known. */
export class Label {
  pc = -1
  /** Words to be filled in with the address. */
  readonly uses: number[] = []
}

/** Collects the code of a module: words, constants, sites, source places. */
export class Assembler {
  #words = new Int32Array(1 << 12)
  pc = 0
  /** Where the last label or fence is: what is before may be jumped over, or is not guarded. */
  #placed = -1
  /** Where the last jump goes. */
  #jumped: Label | undefined
  readonly numbers: number[] = []
  readonly refs: unknown[] = []
  readonly sites: Site[] = []
  readonly spanPcs: number[] = []
  readonly spans: Span[] = []
  /** Call instructions whose address is filled in when all functions are placed. */
  readonly calls: { readonly word: number; readonly func: number }[] = []
  orderCount = 0
  #around: Span = NO_SPAN
  readonly #numberIndex = new Map<string, number>()
  readonly #refIndex = new Map<unknown, number>()

  emit(op: Opcode, a = 0, b = 0, c = 0, d = 0, e = 0): void {
    if ((op === 'GET_F' || op === 'GET_R') && this.#fusePresenceTest(op, a, b, c)) return
    if (op === 'REQUIRE' && this.#fuseRequirement(a, b)) return
    if (this.pc + WIDTH > this.#words.length) {
      const grown = new Int32Array(this.#words.length * 2)
      grown.set(this.#words)
      this.#words = grown
    }
    this.#words.set([OPCODES[op], a, b, c, d, e], this.pc)
    this.pc += WIDTH
  }

  /** Emits a jump; `operands` stand before the address. */
  jump(op: Opcode, label: Label, ...operands: number[]): void {
    if (op === 'JNREFK' && this.#fuseElementTest(label, operands)) return
    const [a = 0, b = 0, c = 0] = operands
    const place = this.pc + 1 + operands.length
    this.emit(op, a, b, c)
    this.#words[place] = label.pc
    if (label.pc < 0) label.uses.push(place)
    this.#jumped = label
  }

  /** An element that was just read and must be there: one instruction does both, and fails in the place of the second. */
  #fuseRequirement(reg: number, site: number): boolean {
    const last = this.pc - WIDTH
    const isFresh = this.#words[last] === OPCODES.GET_OPT && this.#words[last + 1] === reg && this.#placed < this.pc
    if (!isFresh) return false
    this.#words[last] = OPCODES.GET_REQUIRED
    this.#words[last + 4] = site
    const count = this.spanPcs.length
    if (this.spanPcs[count - 1] === this.pc) {
      // The place of the element was noted for the instruction itself, or before.
      if (this.spanPcs[count - 2] === last) {
        this.spanPcs.pop()
        this.spans.splice(count - 2, 1)
      } else this.spanPcs[count - 1] = last
    }
    return true
  }

  /** An element that was just found to be there: one instruction tests and reads. */
  #fusePresenceTest(op: 'GET_F' | 'GET_R', dst: number, list: number, index: number): boolean {
    const last = this.pc - WIDTH
    const [fused, test] = op === 'GET_F' ? (['GET_HAS_F', 'JNHAS_F'] as const) : (['GET_HAS_R', 'JNHAS_R'] as const)
    const isFresh = this.#words[last] === OPCODES[test] && this.#placed < this.pc && this.#jumped
    if (!isFresh || this.#words[last + 1] !== list || this.#words[last + 2] !== index) return false
    this.#words.set([OPCODES[fused], dst, list, index, isFresh.pc], last)
    const use = isFresh.uses.lastIndexOf(last + 3)
    if (use >= 0) isFresh.uses[use] = last + 4
    return true
  }

  /** An element that was just read and is tested for undefined: one instruction does both. */
  #fuseElementTest(label: Label, [reg, constant]: readonly number[]): boolean {
    const last = this.pc - WIDTH
    const isFresh = this.#words[last] === OPCODES.GET_OPT && this.#words[last + 1] === reg && this.#placed < this.pc
    if (!isFresh || this.refs[constant] !== undefined) return false
    this.#words[last] = OPCODES.GET_SOME
    this.#words[last + 4] = label.pc
    if (label.pc < 0) label.uses.push(last + 4)
    return true
  }

  /** Makes a direct call to `func`; its address follows. */
  call(op: Opcode, func: number, f: number, i: number, r: number, dst: number): void {
    this.calls.push({ word: this.pc + 1, func })
    this.emit(op, 0, f, i, r, dst)
  }

  /** The address of the next instruction, which is not made one with what stands before it: only what follows is guarded. */
  fence(): number {
    this.#placed = this.pc
    return this.pc
  }

  place(label: Label): void {
    label.pc = this.pc
    this.#placed = this.pc
    for (const word of label.uses) this.#words[word] = this.pc
  }

  /** The instructions from here on stand for `span`; generated glue stands for what is around it. */
  at(span: Span): void {
    this.#begin(span.file >= 0 ? span : this.#around)
  }

  /** Goes into a statement or expression: what inside has no place of its own stands for this one. What was around before. */
  enter(span: Span): Span {
    const around = this.#around
    if (span.file >= 0) this.#around = span
    return around
  }

  /** Goes back out, to what {@link enter} gave. */
  leave(around: Span): void {
    this.#around = around
  }

  /** At the begin of a function, around which there is nothing. */
  enterFunction(span: Span): void {
    this.#around = span
    this.#begin(span)
  }

  #begin(span: Span): void {
    if (this.spans.at(-1) === span) return
    if (this.spanPcs.at(-1) === this.pc) this.spans[this.spans.length - 1] = span
    else {
      this.spanPcs.push(this.pc)
      this.spans.push(span)
    }
  }

  number(value: number): number {
    const key = Object.is(value, -0) ? '-0' : String(value)
    let index = this.#numberIndex.get(key)
    if (index === undefined) this.#numberIndex.set(key, (index = this.numbers.push(value) - 1))
    return index
  }

  /** A constant of the R bank. Numbers go by their bits. */
  ref(value: unknown): number {
    const key = Object.is(value, -0) ? this : value
    let index = this.#refIndex.get(key)
    if (index === undefined) this.#refIndex.set(key, (index = this.refs.push(value) - 1))
    return index
  }

  /** The index of a new site. */
  site(site: Site): number {
    return this.sites.push(site) - 1
  }

  finish(entryOf: (func: number) => number): Int32Array {
    for (const { word, func } of this.calls) this.#words[word] = entryOf(func)
    return this.#words.slice(0, this.pc)
  }
}

/** Registers of a frame, handed out like a stack in each bank. */
export class Registers {
  readonly next: [number, number, number] = [0, 0, 0]
  readonly max: [number, number, number] = [0, 0, 0]

  take(bank: Bank): number {
    const reg = this.next[bank]++
    if (this.next[bank] > this.max[bank]) this.max[bank] = this.next[bank]
    return reg
  }

  mark(): readonly [number, number, number] {
    return [...this.next]
  }

  release(mark: readonly [number, number, number]): void {
    this.next[0] = mark[0]
    this.next[1] = mark[1]
    this.next[2] = mark[2]
  }
}
