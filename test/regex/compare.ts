import { compileRegex, find, type Budget } from '../../src/regex/index.ts'
import type { Case } from './patterns.ts'

/** A search is given up after so many steps. */
const STEPS_MAX = 300_000

class GivenUp extends Error {}

/** What this engine finds: the ends of the match and of its groups, `none`, or what it says of the pattern. */
export function ours({ source, flags, text, lastIndex }: Case): string {
  const compiled = compileRegex(source, `${flags}d`)
  if (compiled.kind !== 'program') return compiled.kind === 'invalid' ? compiled.message : compiled.kind
  const { program } = compiled
  const registers = new Int32Array(program.registers)
  const budget: Budget = {
    steps: STEPS_MAX,
    exhausted: () => {
      throw new GivenUp()
    },
    grow: () => undefined,
  }
  try {
    const from = program.flags.global || program.flags.sticky ? lastIndex : 0
    if (!find(program, text, from, registers, budget)) return 'none'
    return shown(Array.from({ length: program.groupCount + 1 }, (_, i) => [registers[2 * i]!, registers[2 * i + 1]!]))
  } catch (error) {
    if (error instanceof GivenUp) return 'given up'
    throw error
  }
}

/** What the host finds, in the same words. */
export function theirs({ source, flags, text, lastIndex }: Case): string {
  try {
    const regex = new RegExp(source, `${flags}d`)
    regex.lastIndex = lastIndex
    const found = regex.exec(text)
    return found ? shown(found.indices!) : 'none'
  } catch (error) {
    return (error as Error).message
  }
}

function shown(ends: readonly (readonly [number, number] | readonly number[] | undefined)[]): string {
  return ends.map((pair) => (pair === undefined || pair[0]! < 0 || pair[1]! < 0 ? '-' : pair.join('..'))).join(' ')
}
