import type { Library } from '../../../src/front/index.ts'
import { generateProgram, type GeneratedProgram } from '../../front/fuzz/program.ts'
import type { NodeJob } from '../../golden/oracle.ts'
import { compileProgram, TS_LIMITS } from '../ts/program.ts'
import { library } from '../../golden/anrf.ts'
import { fuzzSeed } from '../session.ts'
import { emptyTally } from '../tally.ts'
import { INTERPRET, withBug } from './engine.ts'
import { AREAS, LIBRARY_BUGS, withLibraryBug, type LibraryBug } from './library.ts'
import { SEEDED_BUGS } from './list.ts'
import { SOURCE_BUGS, type SourceBug } from './sources.ts'
import type { SeededBug } from './mutation.ts'

/** How a defect was found, or that it was not. */
export type Hunt = {
  readonly bug: { readonly name: string; readonly area: string }
  readonly isFound: boolean
  readonly programs: number
  /** CPU time, which is the same however busy the machine is. */
  readonly seconds: number
  /** The seed and the members of the observation that gave it away. */
  readonly by: string
}

/** CPU time from now on, in seconds. */
function startClock(): () => number {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  }
}

/** Runs programs in an engine and in the same engine with a defect, until they differ or the time is over. */
export function huntBug(bug: SeededBug, seconds: number, seed = 1): Hunt {
  const tally = emptyTally()
  const engines = [INTERPRET, withBug(bug)]
  const spent = startClock()
  for (let at = seed; spent() < seconds; at++) {
    const found = fuzzSeed(at, engines, tally)
    if (!found) continue
    const by = `seed ${at}, ${found.mismatch.members.join(', ')}`
    return { bug, isFound: true, programs: tally.programs, seconds: spent(), by }
  }
  return { bug, isFound: false, programs: tally.programs, seconds: spent(), by: '' }
}

/** The same for a defect of the front end: the interpreter runs the program that it would make instead. */
export function huntSource({ name, rewrite }: SourceBug, seconds: number, seed = 1): Hunt {
  const bug = { name, area: 'classes' }
  return huntPrograms(bug, seconds, seed, ({ source, calls }) => {
    const wrong = rewrite(source)
    return wrong !== source && differ(source, wrong, calls, library)
  })
}

/** The same for a defect of the library's own code. */
export function huntLibrary(bug: LibraryBug, seconds: number, seed = 1): Hunt {
  const mutant = withLibraryBug(bug)
  const { shows } = AREAS[bug.area]
  return huntPrograms(
    bug,
    seconds,
    seed,
    ({ source, calls }) => shows.test(source) && differ(source, source, calls, mutant),
  )
}

function huntPrograms(
  bug: Hunt['bug'],
  seconds: number,
  seed: number,
  shows: (program: GeneratedProgram) => boolean,
): Hunt {
  const spent = startClock()
  let programs = 0
  for (let at = seed; spent() < seconds; at++, programs++) {
    if (shows(generateProgram(at))) return { bug, isFound: true, programs, seconds: spent(), by: `seed ${at}` }
  }
  return { bug, isFound: false, programs, seconds: spent(), by: '' }
}

function differ(source: string, wrong: string, calls: NodeJob['calls'], lib: Library): boolean {
  const [right, other] = [source, wrong].map((text, i) =>
    compileProgram({ main: 'main.ts', files: { 'main.ts': text }, calls }, i === 0 ? library : lib),
  )
  if (right?.kind !== 'compiled' || other?.kind !== 'compiled') return false
  return right.calls.some(({ entry, args }) => {
    const seen = [right, other].map(({ module }) => INTERPRET.run(module, entry, args, TS_LIMITS))
    const shown = seen.map(({ end, value, lines, name, message }) => JSON.stringify([end, value, lines, name, message]))
    return shown[0] !== shown[1]
  })
}

/** Hunts every defect whose name has the word in it, with a line for each; the exit code. */
export function huntBugs(word: string, seconds: number, seed: number, print: (line: string) => void): number {
  const bugs = SEEDED_BUGS.filter(({ name, area }) => `${area} ${name}`.includes(word))
  const sources = SOURCE_BUGS.filter(({ name }) => `classes ${name}`.includes(word))
  const hunts = [
    ...bugs.map((bug) => () => huntBug(bug, seconds, seed)),
    ...sources.map((bug) => () => huntSource(bug, seconds, seed)),
    ...LIBRARY_BUGS.filter(({ name, area }) => `${area} ${name}`.includes(word)).map(
      (bug) => () => huntLibrary(bug, seconds, seed),
    ),
  ].map((start) => {
    const hunt = start()
    const verdict = hunt.isFound ? `found after ${hunt.seconds.toFixed(1)} s CPU` : 'NOT FOUND'
    print(
      `${verdict.padEnd(24)} ${String(hunt.programs).padStart(6)} programs  ${hunt.bug.area}: ${hunt.bug.name} (${hunt.by})`,
    )
    return hunt
  })
  const found = hunts.filter((hunt) => hunt.isFound)
  const slow = found.filter((hunt) => hunt.seconds > 5)
  print(`${found.length} of ${hunts.length} found, ${slow.length} of them after more than 5 s`)
  return found.length === hunts.length ? 0 : 1
}
