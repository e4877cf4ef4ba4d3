import { fuzzSeed } from '../session.ts'
import { emptyTally } from '../tally.ts'
import { INTERPRET, withBug } from './engine.ts'
import { SEEDED_BUGS } from './list.ts'
import type { SeededBug } from './mutation.ts'

/** How a defect was found, or that it was not. */
export type Hunt = {
  readonly bug: SeededBug
  readonly isFound: boolean
  readonly programs: number
  readonly seconds: number
  /** The seed and the members of the observation that gave it away. */
  readonly by: string
}

/** Runs programs in an engine and in the same engine with a defect, until they differ or the time is over. */
export function huntBug(bug: SeededBug, seconds: number, seed = 1): Hunt {
  const tally = emptyTally()
  const engines = [INTERPRET, withBug(bug)]
  const started = performance.now()
  const spent = (): number => (performance.now() - started) / 1000
  for (let at = seed; spent() < seconds; at++) {
    const found = fuzzSeed(at, engines, tally)
    if (!found) continue
    const by = `seed ${at}, ${found.mismatch.members.join(', ')}`
    return { bug, isFound: true, programs: tally.programs, seconds: spent(), by }
  }
  return { bug, isFound: false, programs: tally.programs, seconds: spent(), by: '' }
}

/** Hunts every defect whose name has the word in it, with a line for each; the exit code. */
export function huntBugs(word: string, seconds: number, seed: number, print: (line: string) => void): number {
  const bugs = SEEDED_BUGS.filter(({ name, area }) => `${area} ${name}`.includes(word))
  const hunts = bugs.map((bug) => {
    const hunt = huntBug(bug, seconds, seed)
    const verdict = hunt.isFound ? `found after ${hunt.seconds.toFixed(1)} s` : 'NOT FOUND'
    print(`${verdict.padEnd(20)} ${String(hunt.programs).padStart(6)} programs  ${bug.area}: ${bug.name} (${hunt.by})`)
    return hunt
  })
  const found = hunts.filter((hunt) => hunt.isFound)
  const slow = found.filter((hunt) => hunt.seconds > 5)
  print(`${found.length} of ${hunts.length} found, ${slow.length} of them after more than 5 s`)
  return found.length === hunts.length ? 0 : 1
}
