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

/** When a hunt is given up. Programs are the same on every machine; CPU time is not, where others use the same memory. */
export type Patience = { readonly seconds: number } | { readonly programs: number }

/** What a hunt has taken until now. */
type Taken = Pick<Hunt, 'programs' | 'seconds'>

function startHunt(patience: Patience): { next(): boolean; taken(): Taken } {
  const before = process.cpuUsage()
  let programs = 0
  const taken = (): Taken => {
    const { user, system } = process.cpuUsage(before)
    return { programs, seconds: (user + system) / 1e6 }
  }
  const isOver = (): boolean =>
    'programs' in patience ? programs >= patience.programs : taken().seconds >= patience.seconds
  return { next: () => !isOver() && ++programs > 0, taken }
}

/** Runs programs in an engine and in the same engine with a defect, until they differ or patience is. */
export function huntBug(bug: SeededBug, patience: Patience, seed = 1): Hunt {
  const tally = emptyTally()
  const engines = [INTERPRET, withBug(bug)]
  const hunt = startHunt(patience)
  for (let at = seed; hunt.next(); at++) {
    const found = fuzzSeed(at, engines, tally)
    if (!found) continue
    const by = `seed ${at}, ${found.mismatch.members.join(', ')}`
    return { bug, isFound: true, ...hunt.taken(), by }
  }
  return { bug, isFound: false, ...hunt.taken(), by: '' }
}

/** The same for a defect of the front end: the interpreter runs the program that it would make instead. */
export function huntSource({ name, rewrite }: SourceBug, patience: Patience, seed = 1): Hunt {
  const bug = { name, area: 'classes' }
  return huntPrograms(bug, patience, seed, ({ source, calls }) => {
    const wrong = rewrite(source)
    return wrong !== source && differ(source, wrong, calls, library)
  })
}

/** The same for a defect of the library's own code. */
export function huntLibrary(bug: LibraryBug, patience: Patience, seed = 1): Hunt {
  const mutant = withLibraryBug(bug)
  const { shows } = AREAS[bug.area]
  return huntPrograms(
    bug,
    patience,
    seed,
    ({ source, calls }) => shows.test(source) && differ(source, source, calls, mutant),
  )
}

function huntPrograms(
  bug: Hunt['bug'],
  patience: Patience,
  seed: number,
  shows: (program: GeneratedProgram) => boolean,
): Hunt {
  const hunt = startHunt(patience)
  for (let at = seed; hunt.next(); at++) {
    if (shows(generateProgram(at))) return { bug, isFound: true, ...hunt.taken(), by: `seed ${at}` }
  }
  return { bug, isFound: false, ...hunt.taken(), by: '' }
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
    ...bugs.map((bug) => () => huntBug(bug, { seconds }, seed)),
    ...sources.map((bug) => () => huntSource(bug, { seconds }, seed)),
    ...LIBRARY_BUGS.filter(({ name, area }) => `${area} ${name}`.includes(word)).map(
      (bug) => () => huntLibrary(bug, { seconds }, seed),
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
