import { runInAnrf, type AnrfOutcome } from '../../golden/anrf.ts'
import { withoutSameArgs } from '../../golden/golden-file.ts'
import { runInNode, type NodeJob, type NodeOutcome } from '../../golden/oracle.ts'
import { withoutTimes } from './drills.ts'
import { generateProgram } from './program.ts'

/** What became of a generated program: refused with what diagnostics, or how each call compares. */
export type Verdict = {
  readonly seed: number
  readonly source: string
  readonly kind: 'equal' | 'refused' | 'trapped' | 'different' | 'crashed'
  readonly detail: string
}

/** Compiles, runs and compares the programs of some seeds, with Node in one child process. */
export async function compareSeeds(seeds: readonly number[]): Promise<Verdict[]> {
  const programs = seeds.map((seed) => ({ seed, ...generateProgram(seed) }))
  const jobs = programs.map(({ source, calls }): NodeJob => ({
    main: 'main.ts',
    files: { 'main.ts': source },
    calls,
    hasVirtualTime: true,
  }))
  const reports = jobs.map((job) => {
    try {
      return runInAnrf(job)
    } catch (error) {
      return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  })
  const compiled = jobs.filter((_, i) => 'outcomes' in reports[i]! && reports[i].errors.length === 0)
  const answers = new Map((await runInNode(compiled)).map((answer, i) => [compiled[i], answer]))
  return programs.map(({ seed, source }, i) => {
    const report = reports[i]!
    if ('crash' in report) return { seed, source, kind: 'crashed', detail: report.crash }
    if (report.errors.length > 0) return { seed, source, kind: 'refused', detail: report.errors[0]!.message }
    return { seed, source, ...compare(jobs[i]!, answers.get(jobs[i])!, report.outcomes) }
  })
}

/** The name of an error is a text here, also where a class declares the field as something else. */
const setsName = (source: string): boolean => /^ {2}name: /m.test(source)

/** A hole that is copied becomes undefined in Node, for which a list of numbers has no place. */
const copiesHole = (source: string, node: NodeOutcome): boolean =>
  /\[[^\]]*\.\.\./.test(source) && JSON.stringify(node.args ?? []).includes('{"$":"hole"}')

/** A trap where Node goes on is a defect, unless the program does what is said to be one (docs/LANGUAGE.md), as any other difference. */
function compare(
  job: NodeJob,
  node: readonly NodeOutcome[],
  anrf: readonly AnrfOutcome[],
): Pick<Verdict, 'kind' | 'detail'> {
  const source = job.files[job.main] ?? ''
  let trapped = ''
  for (const [i, call] of job.calls.entries()) {
    const wanted = withoutTimes(JSON.stringify(withoutSameArgs(node[i]!, call)))
    const outcome = anrf[i]!
    const given = withoutTimes(JSON.stringify(withoutSameArgs(outcome, call)))
    if (wanted === given) continue
    // Node's stack ends elsewhere than the limit of depth.
    const isByDesign =
      (outcome.trap === 'type-mismatch' && setsName(source)) ||
      (outcome.trap === 'index-out-of-bounds' && copiesHole(source, node[i]!))
    if (isByDesign || outcome.limit === 'depth') {
      trapped = `${outcome.trap ?? outcome.limit} where Node gives ${wanted}`
      continue
    }
    return { kind: 'different', detail: `main(${JSON.stringify(call.args)})\n  node ${wanted}\n  anrf ${given}` }
  }
  return trapped === '' ? { kind: 'equal', detail: '' } : { kind: 'trapped', detail: trapped }
}
