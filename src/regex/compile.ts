import { areDisjoint, canBeEmpty, firstOf, firstOfParts, isAnchored, onlyUnit, prefixOf, unitsOf } from './analyse.ts'
import { union, type CharSet } from './char-set.ts'
import type { Flags, Node, Pattern } from './node.ts'
import { OP, setTest, type Program, type Reference, type SetTest } from './program.ts'

type Repeat = Node & { kind: 'repeat' }

/**
 * What comes after a node: the characters that must come next, `accept` when the match is complete there, or
 * null when nothing is known. Greedy runs need not give anything back where no shorter run could go on.
 */
type Follow = CharSet | 'accept' | null

/** More rounds than this are as good as no bound, and fit an operand. */
const COUNT_MAX = 0x7fffffff
const NO_RETURN = -2
const ANY_FOLLOW = -1

/** Makes the program of a pattern. */
export function compilePattern(pattern: Pattern, flags: Flags): Program {
  return new Compiler(pattern, flags).compile()
}

class Compiler {
  readonly #pattern: Pattern
  readonly #flags: Flags
  readonly #code: number[] = []
  readonly #sets: SetTest[] = []
  readonly #setIndex = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #references: Reference[] = []
  #registers: number

  constructor(pattern: Pattern, flags: Flags) {
    this.#pattern = pattern
    this.#flags = flags
    this.#registers = 2 * (pattern.groupCount + 1)
  }

  compile(): Program {
    const { body, groupCount, names } = this.#pattern
    this.#node(body, false, 'accept')
    this.#emit(OP.ACCEPT)
    const first = firstOf(body)
    return {
      code: Int32Array.from(this.#code),
      sets: this.#sets,
      texts: this.#texts,
      references: this.#references,
      registers: this.#registers,
      flags: this.#flags,
      groupCount,
      names,
      anchored: isAnchored(body),
      prefix: prefixOf(body, this.#flags.unicode),
      first: first.rest ? null : setTest(unitsOf(first.set)),
    }
  }

  #emit(...words: number[]): number {
    return this.#code.push(...words) - words.length
  }

  get #here(): number {
    return this.#code.length
  }

  #register(): number {
    return this.#registers++
  }

  #set(set: CharSet): number {
    const key = set.join()
    const known = this.#setIndex.get(key)
    if (known !== undefined) return known
    this.#setIndex.set(key, this.#sets.length)
    return this.#sets.push(setTest(set)) - 1
  }

  #node(node: Node, back: boolean, follow: Follow): void {
    switch (node.kind) {
      case 'empty':
        return
      case 'set':
        return this.#char(node.set, back)
      case 'sequence':
        return this.#sequence(node.parts, back, follow)
      case 'choice':
        return this.#choice(node.options, back, follow)
      case 'group': {
        this.#emit(OP.SAVE, 2 * node.index + (back ? 1 : 0))
        this.#node(node.body, back, follow)
        this.#emit(OP.SAVE, 2 * node.index + (back ? 0 : 1))
        return
      }
      case 'repeat':
        return this.#repeat(node, back, follow)
      case 'look':
        return this.#look(node)
      case 'start':
        return void this.#emit(node.multiline ? OP.START_LINE : OP.START)
      case 'end':
        return void this.#emit(node.multiline ? OP.END_LINE : OP.END)
      case 'boundary':
        return void this.#emit(OP.BOUNDARY, this.#set(node.word), node.negative ? 1 : 0)
      case 'reference': {
        const { groups, folding } = node
        const index = this.#references.push({ groups, folding, wide: this.#flags.unicode }) - 1
        return void this.#emit(back ? OP.REFERENCE_BACK : OP.REFERENCE, index)
      }
    }
  }

  #char(set: CharSet, back: boolean): void {
    const wide = this.#flags.unicode
    const unit = onlyUnit(set, wide)
    if (unit >= 0) this.#emit(back ? OP.CHAR_BACK : OP.CHAR, unit)
    else if (wide) this.#emit(back ? OP.WIDE_SET_BACK : OP.WIDE_SET, this.#set(set))
    else this.#emit(back ? OP.SET_BACK : OP.SET, this.#set(set))
  }

  #sequence(parts: readonly Node[], back: boolean, follow: Follow): void {
    if (back) return parts.toReversed().forEach((part) => this.#node(part, true, null))
    for (let i = 0; i < parts.length; i++) {
      const text = prefixOf({ kind: 'sequence', parts: parts.slice(i) }, this.#flags.unicode)
      if (text.length > 1) {
        this.#emit(OP.TEXT, this.#texts.push(text) - 1)
        i += text.length - 1
      } else this.#node(parts[i]!, false, this.#followOf(parts.slice(i + 1), follow))
    }
  }

  #followOf(parts: readonly Node[], follow: Follow): Follow {
    if (parts.length === 0) return follow
    const first = firstOfParts(parts)
    if (!first.rest) return first.set
    return typeof follow === 'object' && follow !== null ? union(first.set, follow) : null
  }

  #choice(options: readonly Node[], back: boolean, follow: Follow): void {
    const exits: number[] = []
    options.forEach((option, i) => {
      const isLast = i === options.length - 1
      const fork = isLast ? -1 : this.#emit(OP.FORK, 0)
      this.#node(option, back, follow)
      if (isLast) return
      exits.push(this.#emit(OP.JUMP, 0) + 1)
      this.#code[fork + 1] = this.#here
    })
    for (const exit of exits) this.#code[exit] = this.#here
  }

  #look(node: Node & { kind: 'look' }): void {
    const at = this.#emit(OP.LOOK, node.negative ? 1 : 0, 0)
    this.#node(node.body, !node.ahead, 'accept')
    this.#emit(OP.LOOKED)
    this.#code[at + 2] = this.#here
  }

  #repeat(node: Repeat, back: boolean, follow: Follow): void {
    if (node.max === 0 || node.body.kind === 'empty') return
    if (node.body.kind === 'set' && !back) return this.#span(node, node.body.set, follow)
    const isEmpty = canBeEmpty(node.body)
    if (node.min === 0 && node.max === 1) return this.#option(node, back, follow, isEmpty)
    if (node.min === 0 && node.max === Infinity) return this.#star(node, back, isEmpty)
    if (node.min === 1 && node.max === Infinity && !isEmpty) return this.#plus(node, back)
    return this.#counted(node, back, isEmpty)
  }

  #span({ min, max, greedy }: Repeat, set: CharSet, follow: Follow): void {
    const wide = this.#flags.unicode
    const bounds = [Math.min(min, COUNT_MAX), Math.min(max, COUNT_MAX)] as const
    const index = this.#set(set)
    if (greedy) this.#emit(wide ? OP.WIDE_SPAN : OP.SPAN, index, ...bounds, this.#returnOf(set, follow))
    else this.#emit(wide ? OP.WIDE_SPAN_LAZY : OP.SPAN_LAZY, index, ...bounds)
  }

  /** Where a greedy run of `set` may stop short of its end. */
  #returnOf(set: CharSet, follow: Follow): number {
    if (follow === 'accept') return NO_RETURN
    if (follow === null) return ANY_FOLLOW
    if (areDisjoint(set, follow)) return NO_RETURN
    return onlyUnit(follow, this.#flags.unicode)
  }

  /** The body of a loop: groups forget what they held, and a round that matches nothing fails. */
  #round(node: Repeat, back: boolean, isEmpty: boolean, counter: number, follow: Follow = null): void {
    if (node.to > node.from && node.max > 1) this.#emit(OP.RESET, 2 * node.from, 2 * node.to)
    const mark = isEmpty ? this.#register() : -1
    if (isEmpty) this.#emit(OP.SAVE, mark)
    this.#node(node.body, back, follow)
    if (isEmpty) this.#emit(OP.MOVED, mark, counter, counter < 0 ? 0 : Math.min(node.min, COUNT_MAX))
  }

  #option(node: Repeat, back: boolean, follow: Follow, isEmpty: boolean): void {
    const fork = this.#emit(node.greedy ? OP.FORK : OP.FORK_LATER, 0)
    this.#round(node, back, isEmpty, -1, isEmpty ? null : follow)
    this.#code[fork + 1] = this.#here
  }

  #star(node: Repeat, back: boolean, isEmpty: boolean): void {
    const fork = this.#emit(node.greedy ? OP.FORK : OP.FORK_LATER, 0)
    this.#round(node, back, isEmpty, -1)
    this.#emit(OP.JUMP, fork)
    this.#code[fork + 1] = this.#here
  }

  #plus(node: Repeat, back: boolean): void {
    const head = this.#here
    this.#round(node, back, false, -1)
    if (node.greedy) {
      const fork = this.#emit(OP.FORK, 0)
      this.#emit(OP.JUMP, head)
      this.#code[fork + 1] = this.#here
    } else this.#emit(OP.FORK, head)
  }

  #counted(node: Repeat, back: boolean, isEmpty: boolean): void {
    const counter = this.#register()
    this.#emit(OP.CLEAR, counter)
    const bounds = [Math.min(node.min, COUNT_MAX), Math.min(node.max, COUNT_MAX)] as const
    const head = this.#emit(OP.LOOP, counter, ...bounds, node.greedy ? 0 : 1, 0)
    this.#round(node, back, isEmpty, counter)
    this.#emit(OP.NEXT, counter, head)
    this.#code[head + 5] = this.#here
  }
}
