import type { DiffEngine } from '../engines.ts'
import { countIn, type Tally } from '../tally.ts'
import { compileProgram, fittingCalls } from '../ts/program.ts'
import { askNode, disagreement, jobOf, judgeFile, type Found, type Program, type SourceFinding } from '../ts/session.ts'
import { mutantOf } from './sources.ts'

/** Runs the changed program of a seed in every mode and in Node; the first disagreement. */
export async function fuzzMutant(
  seed: number,
  engines: readonly DiffEngine[],
  tally: Tally,
): Promise<SourceFinding | undefined> {
  const found = await judgeMutant({ seed, isModule: true, ...mutantOf(seed) }, engines, tally)
  return found && { ...found, first: seed, count: 1 }
}

/** What is wrong with what a changed program does, whose calls need not fit it any more. Models have not all that goldens use. */
export async function judgeMutant(
  program: Program,
  engines: readonly DiffEngine[],
  tally: Tally,
): Promise<Found | undefined> {
  const modes = engines.filter(({ isModel }) => isModel !== true)
  tally.programs++
  tally.modules++
  const compiled = compileProgram(jobOf({ ...program, calls: [] }))
  if (compiled.kind === 'crashed') return { ...program, kind: 'crash', text: compiled.message }
  if (compiled.kind === 'refused') return void countIn(tally.ends, 'refused')
  const { given, checked } = fittingCalls(compiled.module, program.calls)
  const opened = { program: { ...program, calls: given }, compiled: { ...compiled, calls: checked } }
  const { finding, seen } = judgeFile(opened, modes, tally)
  if (finding) return finding
  // What ends at a limit may go on for ever in Node.
  const ended = given.flatMap((call, i) =>
    ['returned', 'threw'].includes(seen[i]!.end) ? [{ call, seen: seen[i]! }] : [],
  )
  if (ended.length === 0) return undefined
  const asked = { ...program, calls: ended.map(({ call }) => call) }
  try {
    const [answers] = await askNode([asked])
    const different = disagreement(
      asked.calls,
      ended.map((one) => one.seen),
      answers!,
    )
    return different && { ...asked, kind: 'node', text: different.text }
  } catch (error) {
    return { ...asked, kind: 'hang', text: `Node does not come to an end: ${String(error)}` }
  }
}
