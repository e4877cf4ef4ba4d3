import { generateProgram } from '../../front/fuzz/program.ts'
import { NodeProcess, type Call, type NodeJob, type NodeOutcome } from '../../golden/oracle.ts'
import { makeRandom } from '../../ir/random.ts'
import type { DiffEngine } from '../engines.ts'
import { describeMismatch, type Observation } from '../observation.ts'
import { countIn, type Tally } from '../tally.ts'
import { describeEnd, runTrial, tightenLimits, type Trial } from '../trial.ts'
import { FEATURES, featuresOf } from './features.ts'
import { compareWithNode } from './node.ts'
import { compileProgram, enginesFor, TS_LIMITS } from './program.ts'

/** A program in which engines disagree, or ANRF and Node. */
export type SourceFinding = {
  readonly seed: number
  readonly source: string
  readonly calls: readonly Call[]
  /** `modes`: engines disagree; `node`: with Node; `crash`: the compiler threw. */
  readonly kind: 'modes' | 'node' | 'crash'
  readonly text: string
}

const jobOf = (source: string, calls: readonly Call[]): NodeJob => ({
  main: 'main.ts',
  files: { 'main.ts': source },
  calls,
  hasVirtualTime: true,
})

/** Programs that one process of Node runs: it keeps the modules of all. */
const PROGRAMS_MAX = 400
let node: { readonly process: NodeProcess; programs: number } | undefined

/** What Node answers to the calls of some programs, in a process that many share. */
async function askNode(jobs: readonly NodeJob[]): Promise<NodeOutcome[][]> {
  if (node && node.programs > PROGRAMS_MAX) {
    node.process.close()
    node = undefined
  }
  node ??= { process: new NodeProcess(), programs: 0 }
  node.programs += jobs.length
  return node.process.run(jobs)
}

/** Runs the programs of some seeds in every engine, and meanwhile in Node; the first disagreement. */
export async function fuzzSources(
  seeds: readonly number[],
  engines: readonly DiffEngine[],
  tally: Tally,
): Promise<SourceFinding | undefined> {
  const made = seeds.map((seed) => ({ seed, ...generateProgram(seed) }))
  const asked = askNode(made.map(({ source, calls }) => jobOf(source, calls)))
  // Lets the question go out.
  await new Promise((resolve) => setImmediate(resolve))
  const judged = made.map((program) => judgeSource(program, engines, tally))
  const answers = await asked
  const found = judged.find(({ finding }) => finding)?.finding
  if (found) return found
  for (const [i, program] of made.entries()) {
    const text = disagreement(program.calls, judged[i]!.seen, answers[i]!)
    if (text !== undefined) return { ...program, kind: 'node', text }
  }
  return undefined
}

/** Looking at each program would take longer than it tells. */
const LOOKED_AT_EVERY = 4

/** Counts each feature, also those that the program does not have, so that it is known of which there are none. */
function countFeatures(source: string, tally: Tally): void {
  const found = featuresOf(source)
  for (const feature of FEATURES) countIn(tally.features, feature, found.has(feature) ? 1 : 0)
}

type Program = { readonly seed: number; readonly source: string; readonly calls: readonly Call[] }

/** What all engines say to each call; nothing when the program is refused. */
function judgeSource(
  program: Program,
  engines: readonly DiffEngine[],
  tally: Tally,
): { finding?: SourceFinding; seen: readonly Observation[] } {
  if (tally.programs++ % LOOKED_AT_EVERY === 0) countFeatures(program.source, tally)
  const compiled = compileProgram(jobOf(program.source, program.calls))
  if (compiled.kind === 'crashed') return { finding: { ...program, kind: 'crash', text: compiled.message }, seen: [] }
  if (compiled.kind === 'refused') {
    countIn(tally.ends, 'refused')
    tally.runs++
    return { seen: [] }
  }
  const random = makeRandom(program.seed)
  const seen: Observation[] = []
  for (const call of compiled.calls) {
    let trial: Trial | undefined = { call, limits: TS_LIMITS }
    for (let round = 0; trial; round++) {
      const { verdict, first } = runTrial(enginesFor(engines, compiled.module, call.entry), compiled.module, trial)
      tally.runs++
      countIn(tally.ends, describeEnd(first))
      if (verdict === 'inconclusive') tally.inconclusive++
      else if (verdict) return { finding: { ...program, kind: 'modes', text: describeMismatch(verdict) }, seen: [] }
      if (round === 0) seen.push(first)
      const limits = round === 0 ? tightenLimits(TS_LIMITS, first, random) : undefined
      trial = limits && { call, limits }
    }
  }
  return { seen }
}

/** The first call to which Node says something else. */
function disagreement(
  calls: readonly Call[],
  seen: readonly Observation[],
  answers: readonly NodeOutcome[],
): string | undefined {
  for (const [i, observation] of seen.entries()) {
    const verdict = compareWithNode(observation, answers[i]!)
    if (typeof verdict === 'string') continue
    const { entry, args } = calls[i]!
    return `${entry}(${args.map((arg) => JSON.stringify(arg)).join(', ')})\n  node ${JSON.stringify(verdict.node)}\n  anrf ${JSON.stringify(verdict.anrf)}`
  }
  return undefined
}

/** Whether the compiler threw the same at the same place, or engines disagree. */
function isSame(a: SourceFinding, b: SourceFinding): boolean {
  const place = ({ kind, text }: SourceFinding): string => (kind === 'crash' ? text.split('\n', 2).join('\n') : '')
  return a.kind === b.kind && place(a) === place(b)
}

/** Whether each of some variants of a program still shows what was found. */
export async function keepFinding(
  finding: SourceFinding,
  sources: readonly string[],
  engines: readonly DiffEngine[],
  tally: Tally,
): Promise<(SourceFinding | undefined)[]> {
  const judged = sources.map((source) => judgeSource({ ...finding, source }, engines, tally))
  if (finding.kind !== 'node')
    return judged.map(({ finding: other }) => (other && isSame(other, finding) ? other : undefined))
  const ran = judged.flatMap(({ seen }, i) => (seen.length > 0 ? [i] : []))
  const answers = await askNode(ran.map((i) => jobOf(sources[i]!, finding.calls)))
  return sources.map((source, i) => {
    const at = ran.indexOf(i)
    const text = at < 0 ? undefined : disagreement(finding.calls, judged[i]!.seen, answers[at]!)
    return text === undefined ? undefined : { ...finding, source, text }
  })
}
