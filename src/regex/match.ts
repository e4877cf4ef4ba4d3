import {
  codePointAt,
  codePointBefore,
  groupOf,
  inSet,
  isBoundary,
  isLineEnd,
  sameText,
  splitsPair,
  widthOf,
} from './characters.ts'
import { OP, type Program } from './program.ts'
import { Stack, type Budget } from './stack.ts'

/**
 * The backtracking matcher. Its stack is its own, so a pattern cannot use up that of the host, and each of its steps is
 * counted, so that a pattern cannot run on unseen. Where to go back to is on the stack as
 * `[position, instruction]`; the topmost word is negative for other entries:
 */
const SPAN = -1
const LAZY = -2
const LOOK = -3
/** `[old value, REGISTER - register]` */
const REGISTER = -4

/** Characters that a run goes past in one step. */
const RUN = 4

const stack = new Stack()

/** Whether the program matches at `start`; fills the registers, of which the first two are the ends of the match. */
export function matchAt(
  { code, sets, texts, references }: Program,
  text: string,
  start: number,
  registers: Int32Array,
  budget: Budget,
): boolean {
  const end = text.length
  let words = stack.words
  let { steps } = budget
  let sp = 0
  let look = -1
  let pc = 0
  let at = start
  // Few as they mostly are, a call for them would take longer.
  for (let i = 0; i < registers.length; i++) registers[i] = -1
  for (;;) {
    if (--steps < 0) budget.exhausted()
    if (sp + 8 > stack.limit) {
      stack.grow(budget)
      words = stack.words
    }
    let ok = true
    switch (code[pc]) {
      case OP.ACCEPT:
        registers[0] = start
        registers[1] = at
        budget.steps = steps
        return true
      case OP.CHAR:
        ok = at < end && text.charCodeAt(at) === code[pc + 1]
        at++
        pc += 2
        break
      case OP.CHAR_BACK:
        ok = at > 0 && text.charCodeAt(--at) === code[pc + 1]
        pc += 2
        break
      case OP.SET:
        ok = at < end && inSet(sets[code[pc + 1]!]!, text.charCodeAt(at))
        at++
        pc += 2
        break
      case OP.SET_BACK:
        ok = at > 0 && inSet(sets[code[pc + 1]!]!, text.charCodeAt(--at))
        pc += 2
        break
      case OP.WIDE_SET: {
        if ((ok = at < end)) {
          const point = codePointAt(text, at)
          ok = inSet(sets[code[pc + 1]!]!, point)
          at += widthOf(point)
        }
        pc += 2
        break
      }
      case OP.WIDE_SET_BACK: {
        if ((ok = at > 0)) {
          const point = codePointBefore(text, at)
          ok = inSet(sets[code[pc + 1]!]!, point)
          at -= widthOf(point)
        }
        pc += 2
        break
      }
      case OP.TEXT: {
        const expected = texts[code[pc + 1]!]!
        const { length } = expected
        ok = at + length <= end
        for (let i = 0; ok && i < length; i++) ok = text.charCodeAt(at + i) === expected.charCodeAt(i)
        steps -= (length / RUN) | 0
        at += length
        pc += 2
        break
      }
      case OP.JUMP:
        pc = code[pc + 1]!
        break
      case OP.FORK:
        words[sp] = at
        words[sp + 1] = code[pc + 1]!
        sp += 2
        pc += 2
        break
      case OP.FORK_LATER:
        words[sp] = at
        words[sp + 1] = pc + 2
        sp += 2
        pc = code[pc + 1]!
        break
      case OP.SAVE: {
        const register = code[pc + 1]!
        words[sp] = registers[register]!
        words[sp + 1] = REGISTER - register
        sp += 2
        registers[register] = at
        pc += 2
        break
      }
      case OP.RESET: {
        const to = code[pc + 2]!
        for (let register = code[pc + 1]!; register < to; register++) {
          if (registers[register] === -1) continue
          if (sp + 8 > stack.limit) {
            stack.grow(budget)
            words = stack.words
          }
          steps--
          words[sp] = registers[register]!
          words[sp + 1] = REGISTER - register
          sp += 2
          registers[register] = -1
        }
        pc += 3
        break
      }
      case OP.SPAN: {
        const set = sets[code[pc + 1]!]!
        const { low } = set
        const min = code[pc + 2]!
        const max = code[pc + 3]!
        const last = max < end - at ? at + max : end
        const from = at
        while (at < last) {
          const unit = text.charCodeAt(at)
          if (unit < 256 ? low[unit] !== 1 : !inSet(set, unit)) break
          at++
        }
        const count = at - from
        steps -= (count / RUN) | 0
        if ((ok = count >= min)) {
          if (count > min && code[pc + 4] !== -2) {
            words[sp] = from + min
            words[sp + 1] = at
            words[sp + 2] = pc
            words[sp + 3] = SPAN
            sp += 4
          }
          pc += 5
        }
        break
      }
      case OP.WIDE_SPAN: {
        const set = sets[code[pc + 1]!]!
        const min = code[pc + 2]!
        const max = code[pc + 3]!
        let least = at
        let count = 0
        while (count < max && at < end) {
          const point = codePointAt(text, at)
          if (!inSet(set, point)) break
          at += widthOf(point)
          if (++count === min) least = at
        }
        steps -= (count / RUN) | 0
        if ((ok = count >= min)) {
          if (count > min && code[pc + 4] !== -2) {
            words[sp] = least
            words[sp + 1] = at
            words[sp + 2] = pc
            words[sp + 3] = SPAN
            sp += 4
          }
          pc += 5
        }
        break
      }
      case OP.SPAN_LAZY:
      case OP.WIDE_SPAN_LAZY: {
        const set = sets[code[pc + 1]!]!
        const min = code[pc + 2]!
        const wide = code[pc] === OP.WIDE_SPAN_LAZY
        let count = 0
        while (count < min && at < end) {
          const point = wide ? codePointAt(text, at) : text.charCodeAt(at)
          if (!inSet(set, point)) break
          at += widthOf(point)
          count++
        }
        steps -= (count / RUN) | 0
        if ((ok = count >= min)) {
          if (code[pc + 3]! > min) {
            words[sp] = at
            words[sp + 1] = code[pc + 3]! - min
            words[sp + 2] = pc
            words[sp + 3] = LAZY
            sp += 4
          }
          pc += 4
        }
        break
      }
      case OP.CLEAR: {
        const register = code[pc + 1]!
        words[sp] = registers[register]!
        words[sp + 1] = REGISTER - register
        sp += 2
        registers[register] = 0
        pc += 2
        break
      }
      case OP.LOOP: {
        const count = registers[code[pc + 1]!]!
        const exit = code[pc + 5]!
        if (count < code[pc + 2]!) pc += 6
        else if (count >= code[pc + 3]!) pc = exit
        else {
          const lazy = code[pc + 4] === 1
          words[sp] = at
          words[sp + 1] = lazy ? pc + 6 : exit
          sp += 2
          pc = lazy ? exit : pc + 6
        }
        break
      }
      case OP.NEXT: {
        const register = code[pc + 1]!
        words[sp] = registers[register]!
        words[sp + 1] = REGISTER - register
        sp += 2
        registers[register]!++
        pc = code[pc + 2]!
        break
      }
      case OP.MOVED: {
        const counter = code[pc + 2]!
        ok = at !== registers[code[pc + 1]!] || (counter >= 0 && registers[counter]! < code[pc + 3]!)
        pc += 4
        break
      }
      case OP.START:
        ok = at === 0
        pc++
        break
      case OP.START_LINE:
        ok = at === 0 || isLineEnd(text.charCodeAt(at - 1))
        pc++
        break
      case OP.END:
        ok = at === end
        pc++
        break
      case OP.END_LINE:
        ok = at === end || isLineEnd(text.charCodeAt(at))
        pc++
        break
      case OP.BOUNDARY:
        ok = isBoundary(text, at, sets[code[pc + 1]!]!) === (code[pc + 2] === 0)
        pc += 3
        break
      case OP.REFERENCE:
      case OP.REFERENCE_BACK: {
        const reference = references[code[pc + 1]!]!
        const group = groupOf(reference, registers)
        if (group >= 0) {
          const from = registers[2 * group]!
          const length = registers[2 * group + 1]! - from
          const back = code[pc] === OP.REFERENCE_BACK
          const there = back ? at - length : at
          ok = there >= 0 && there + length <= end && sameText(text, from, there, length, reference)
          steps -= length
          at = back ? there : at + length
        }
        // In V8 it is nowhere between the halves of a pair, be the group set or not.
        if (ok && reference.wide && splitsPair(text, at)) ok = false
        pc += 2
        break
      }
      case OP.LOOK:
        words[sp] = look
        words[sp + 1] = at
        words[sp + 2] = code[pc + 1]!
        words[sp + 3] = code[pc + 2]!
        words[sp + 4] = LOOK
        look = sp
        sp += 5
        pc += 3
        break
      case OP.LOOKED: {
        const negative = words[look + 2] === 1
        at = words[look + 1]!
        const outer = words[look]!
        if (negative) {
          // What was found undoes what it noted, and the assertion fails.
          while (sp > look + 5) sp = undo(words, sp, registers)
          steps -= 1
          ok = false
          sp = look
        } else {
          sp = keepRegisters(words, look, sp)
          pc++
        }
        look = outer
        break
      }
    }
    if (ok) continue
    // Goes back to the last place from which there is another way.
    for (;;) {
      if (sp === 0) {
        budget.steps = steps
        return false
      }
      const top = words[sp - 1]!
      if (top >= 0) {
        pc = top
        at = words[sp - 2]!
        sp -= 2
        break
      }
      if (top <= REGISTER) {
        registers[REGISTER - top] = words[sp - 2]!
        sp -= 2
        continue
      }
      steps--
      if (top === SPAN) {
        const instruction = words[sp - 2]!
        const least = words[sp - 4]!
        const follow = code[instruction + 4]!
        at = words[sp - 3]! - 1
        if (code[instruction] === OP.WIDE_SPAN && splitsPair(text, at)) at--
        if (follow >= 0) {
          const from = at
          while (at > least && text.charCodeAt(at) !== follow) at--
          steps -= ((from - at) / RUN) | 0
        }
        pc = instruction + 5
        if (at > least) words[sp - 3] = at
        else sp -= 4
        break
      }
      if (top === LAZY) {
        const instruction = words[sp - 2]!
        at = words[sp - 4]!
        const point =
          at >= end ? -1 : code[instruction] === OP.WIDE_SPAN_LAZY ? codePointAt(text, at) : text.charCodeAt(at)
        if (point < 0 || !inSet(sets[code[instruction + 1]!]!, point)) {
          sp -= 4
          continue
        }
        at += widthOf(point)
        pc = instruction + 4
        words[sp - 4] = at
        if (--words[sp - 3]! === 0) sp -= 4
        break
      }
      // The part to look for is not there.
      look = words[sp - 5]!
      at = words[sp - 4]!
      const negative = words[sp - 3] === 1
      pc = words[sp - 2]!
      sp -= 5
      if (negative) break
    }
  }
}

/** Takes the topmost entry off and undoes what it says of registers. */
function undo(words: Int32Array, sp: number, registers: Int32Array): number {
  const top = words[sp - 1]!
  if (top >= 0) return sp - 2
  if (top <= REGISTER) {
    registers[REGISTER - top] = words[sp - 2]!
    return sp - 2
  }
  return top === LOOK ? sp - 5 : sp - 4
}

/** An assertion that holds is not tried another way, but what it noted is undone when what comes after it fails. */
function keepRegisters(words: Int32Array, look: number, sp: number): number {
  // Entries have their kind on top, so the ones to keep are found from above and put in order from below.
  const kept: number[] = []
  for (let top = sp; top > look + 5;) {
    const kind = words[top - 1]!
    if (kind <= REGISTER) kept.push(kind, words[top - 2]!)
    top -= kind >= 0 || kind <= REGISTER ? 2 : kind === LOOK ? 5 : 4
  }
  let next = look
  for (let i = kept.length - 1; i >= 0; i--) words[next++] = kept[i]!
  return next
}

/** Makes the matcher ready for another search. */
export function beginSearch(): void {
  stack.reset()
}

export function endSearch(): void {
  stack.release()
}
