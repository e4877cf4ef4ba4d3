import type { Module } from '../../../src/ir/index.ts'
import { withHelpers } from '../../front/fuzz/helpers.ts'
import { generatePart, generateProgram, seedOf } from '../../front/fuzz/program.ts'
import { NodeProcess, type Call, type NodeJob, type NodeOutcome } from '../../golden/oracle.ts'
import { makeRandom } from '../../ir/random.ts'
import { INTERPRET } from '../bugs/engine.ts'
import type { DiffEngine } from '../engines.ts'
import { describeMismatch, type Observation } from '../observation.ts'
import { countIn, emptyTally, type Tally } from '../tally.ts'
import { describeEnd, runTrial, tightenLimits, type Trial } from '../trial.ts'
import { FEATURES, featuresOf } from './features.ts'
import { compareWithNode } from './node.ts'
import { compileProgram, enginesFor, TS_LIMITS, type Compiled } from './program.ts'

/** A program in which engines disagree, or ANRF and Node. */
export type SourceFinding = {
  readonly seed: number
  /** The seeds that show it: one, or those of all programs of a file. */
  readonly first: number
  readonly count: number
  readonly source: string
  readonly calls: readonly Call[]
  readonly isModule?: boolean
  /** `modes`: engines disagree; `node`: with Node; `hang`: Node does not end; `crash`: the compiler threw. */
  readonly kind: 'modes' | 'node' | 'hang' | 'crash'
  readonly text: string
}

export const jobOf = ({ source, calls, isModule = false }: Omit<Program, 'seed'>): NodeJob => ({
  main: 'main.ts',
  files: { 'main.ts': source },
  calls,
  // A module that waits for its timers while it is loaded needs real ones.
  hasVirtualTime: !/^(export )?(\w+ .*=.*\bawait\b|await\b|for await\b)/m.test(source),
  isFunction: !isModule,
})

/** Programs that one process of Node runs: it keeps the modules of all. */
const PROGRAMS_MAX = 4000
let node: { readonly process: NodeProcess; programs: number } | undefined

/** What Node answers to the calls of some programs, in a process that many share. Rejects when it dies, or one of them does not end. */
export async function askNode(programs: readonly Omit<Program, 'seed'>[]): Promise<NodeOutcome[][]> {
  if (node && node.programs > PROGRAMS_MAX) {
    node.process.close()
    node = undefined
  }
  node ??= { process: new NodeProcess(), programs: 0 }
  node.programs += programs.length
  const { process } = node
  try {
    return await process.run(programs.map(jobOf))
  } catch (error) {
    node = undefined
    throw error
  }
}

/** What Node answers to each of some programs alone; nothing to one that it does not end, such as one that ends at a limit here. */
async function askEach(programs: readonly Program[]): Promise<(NodeOutcome[] | undefined)[]> {
  const answers: (NodeOutcome[] | undefined)[] = []
  for (const program of programs) {
    const [answer] = await askNode([program]).catch(() => [undefined])
    answers.push(answer)
  }
  return answers
}

/** A seed in so many gives a large program, which has a file of its own; the time goes to many small ones, which share theirs. */
const LARGE_EVERY = 256

/** Runs the programs of some seeds in every engine, and meanwhile in Node; the first disagreement. */
export async function fuzzSources(
  seeds: readonly number[],
  engines: readonly DiffEngine[],
  tally: Tally,
): Promise<SourceFinding | undefined> {
  const [small, large] = [seeds.filter((seed) => seed % LARGE_EVERY !== 0), seeds.filter((s) => s % LARGE_EVERY === 0)]
  const files = large.map((seed): Program => ({ seed, ...generateProgram(seed) }))
  const parts = small.map((seed, place): Part => ({ seed, ...generatePart(seed, place) }))
  tally.programs += seeds.length
  for (const { source } of [...files, ...parts]) if (looked++ % LOOKED_AT_EVERY === 0) countFeatures(source, tally)
  const opened = [...files.map((program) => openFile(program, tally)), ...openParts(parts, tally)]
  const found = await judgeFiles(opened, engines, tally)
  if (!found) return undefined
  const alone =
    found.seed % LARGE_EVERY === 0 ? undefined : fileOf([{ seed: found.seed, ...generatePart(found.seed, 0) }])
  const seen = alone && (await judgeFiles([openFile(alone, emptyTally())], engines, emptyTally()))
  if (!alone || seen) return { ...(seen ?? found), first: found.seed, count: 1 }
  return { ...found, first: seeds[0]!, count: seeds.length }
}

/** Looking at each program would take longer than it tells. */
let looked = 0
const LOOKED_AT_EVERY = 4

/** Counts each feature, also those that the program does not have, so that it is known of which there are none. */
function countFeatures(source: string, tally: Tally): void {
  const found = featuresOf(source)
  for (const feature of FEATURES) countIn(tally.features, feature, found.has(feature) ? 1 : 0)
}

/** The text of a file, with the calls to make. */
export type Program = {
  readonly seed: number
  readonly source: string
  readonly calls: readonly Call[]
  /** Runs as a module of its own, which any program can; as a function it takes Node less. */
  readonly isModule?: boolean
}
/** A small program, without what it shares with the others of its file. */
type Part = Program
export type Found = Program & Pick<SourceFinding, 'kind' | 'text'>
type Opened = { readonly program: Program; readonly compiled: Compiled }

/** An entry that does nothing, to see whether the top level of a file comes to its end. */
const START = 'start'

function fileOf(parts: readonly Part[]): Program {
  const start = parts.length > 1 ? `export function ${START}(): number {\n  return 0\n}\n` : ''
  const source = withHelpers(parts.map((part) => part.source).join('') + start)
  return { seed: parts[0]!.seed, source, calls: parts.flatMap(({ calls }) => calls) }
}

function openFile(program: Program, tally: Tally): Opened {
  tally.modules++
  const compiled = compileProgram(jobOf(program))
  if (compiled.kind === 'refused') {
    countIn(tally.ends, 'refused')
    tally.runs++
  }
  return { program, compiled }
}

/** Small programs in one file, or in several where one of them is refused, or ends all while the top level runs. */
function openParts(parts: readonly Part[], tally: Tally): Opened[] {
  if (parts.length === 0) return []
  const program = fileOf(parts)
  if (parts.length === 1) return [openFile(program, tally)]
  const compiled = compileProgram(jobOf(program))
  if (compiled.kind === 'compiled' && starts(compiled.module)) {
    tally.modules++
    return [{ program, compiled }]
  }
  const at = compiled.kind === 'refused' ? partAt(program.source, parts, compiled.line) : undefined
  if (at !== undefined) return [...openParts([parts[at]!], tally), ...openParts(parts.toSpliced(at, 1), tally)]
  const middle = parts.length >> 1
  return [...openParts(parts.slice(0, middle), tally), ...openParts(parts.slice(middle), tally)]
}

const starts = (module: Module): boolean => INTERPRET.run(module, START, [], TS_LIMITS).end === 'returned'

/** Which of the programs of a file has the line, if one of them has. */
function partAt(source: string, parts: readonly Part[], line: number): number | undefined {
  const lengths = parts.map((part) => part.source.split('\n').length - 1)
  const start = source.split('\n').length - 1 - 3 - lengths.reduce((sum, length) => sum + length, 0)
  let end = start
  const at = lengths.findIndex((length) => line <= (end += length))
  return line > start && at >= 0 ? at : undefined
}

async function judgeFiles(
  files: readonly Opened[],
  engines: readonly DiffEngine[],
  tally: Tally,
): Promise<Found | undefined> {
  const compiled = files.filter(({ compiled: { kind } }) => kind === 'compiled')
  const asked = askNode(compiled.map(({ program }) => program))
  // Lets the question go out.
  await new Promise((resolve) => setImmediate(resolve))
  const judged = files.map((file) => judgeFile(file, engines, tally))
  const answers = await asked.catch(() => askEach(compiled.map(({ program }) => program)))
  const found = judged.find(({ finding }) => finding)?.finding
  if (found) return found
  for (const [i, { program }] of compiled.entries()) {
    const seen = judged[files.indexOf(compiled[i]!)]!.seen
    const answer = answers[i]
    if (!answer && seen.some(({ end }) => end === 'limited')) {
      tally.inconclusive++
      continue
    }
    if (!answer) return { ...program, kind: 'hang', text: 'Node does not end' }
    const different = disagreement(program.calls, seen, answer)
    if (different) return { ...program, seed: callSeed(program, different.call), kind: 'node', text: different.text }
  }
  return undefined
}

/** The seed of the program that a call is of. */
const callSeed = ({ seed, calls, isModule }: Program, at: number): number => {
  if (isModule) return seed
  const { entry } = calls[at]!
  return entry === 'main' ? seed : seedOf(entry)
}

/** What all engines say to each call; nothing when the program is refused. */
export function judgeFile(
  { program, compiled }: Opened,
  engines: readonly DiffEngine[],
  tally: Tally,
): { finding?: Found; seen: readonly Observation[] } {
  if (compiled.kind === 'crashed') return { finding: { ...program, kind: 'crash', text: compiled.message }, seen: [] }
  if (compiled.kind === 'refused') return { seen: [] }
  const seen: Observation[] = []
  for (const [i, call] of compiled.calls.entries()) {
    const seed = callSeed(program, i)
    const random = makeRandom(seed + i)
    let trial: Trial | undefined = { call, limits: TS_LIMITS }
    for (let round = 0; trial; round++) {
      const { verdict, first } = runTrial(enginesFor(engines, compiled.module, call.entry), compiled.module, trial)
      tally.runs++
      countIn(tally.ends, describeEnd(first))
      if (verdict === 'inconclusive') tally.inconclusive++
      else if (verdict)
        return { finding: { ...program, seed, kind: 'modes', text: describeMismatch(verdict) }, seen: [] }
      if (round === 0) seen.push(first)
      const limits = round === 0 && random.oneIn(TIGHT_EVERY) ? tightenLimits(TS_LIMITS, first, random) : undefined
      trial = limits && { call, limits }
    }
  }
  return { seen }
}

/** A call in so many is made again, with less of something; modules of the IR are made for that. */
const TIGHT_EVERY = 3

/** The same of a program that is not compiled yet. */
const judgeSource = (program: Program, engines: readonly DiffEngine[], tally: Tally): ReturnType<typeof judgeFile> =>
  judgeFile(openFile(program, tally), engines, tally)

/** The first call to which Node says something else. */
export function disagreement(
  calls: readonly Call[],
  seen: readonly Observation[],
  answers: readonly NodeOutcome[],
): { readonly call: number; readonly text: string } | undefined {
  for (const [i, observation] of seen.entries()) {
    const verdict = compareWithNode(observation, answers[i]!)
    if (typeof verdict === 'string') continue
    const { entry, args } = calls[i]!
    const text = `${entry}(${args.map((arg) => JSON.stringify(arg)).join(', ')})\n  node ${JSON.stringify(verdict.node)}\n  anrf ${JSON.stringify(verdict.anrf)}`
    return { call: i, text }
  }
  return undefined
}

/** Whether the compiler threw the same at the same place, or engines disagree. */
function isSame(a: Found, b: Found): boolean {
  const place = ({ kind, text }: Found): string => (kind === 'crash' ? text.split('\n', 2).join('\n') : '')
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
    return judged.map(({ finding: other }) => (other && isSame(other, finding) ? { ...finding, ...other } : undefined))
  const ran = judged.flatMap(({ seen }, i) => (seen.length > 0 ? [i] : []))
  // A variant may not end any more; then none of them is kept.
  const answers = await askNode(ran.map((i) => ({ ...finding, source: sources[i]! }))).catch(() => undefined)
  return sources.map((source, i) => {
    const at = ran.indexOf(i)
    const different = at < 0 || !answers ? undefined : disagreement(finding.calls, judged[i]!.seen, answers[at]!)
    return different && { ...finding, source, text: different.text }
  })
}
