import { OP_NAMES, printModule } from '../../src/ir/index.ts'
import type { DiffEngine } from './engines.ts'
import { goldenText } from './golden-ir.ts'
import { describeMismatch } from './observation.ts'
import type { Finding } from './session.ts'
import { shrinkFinding } from './shrink/finding.ts'
import type { Tally } from './tally.ts'
import { LIMITS, type Trial } from './trial.ts'
import type { SourceFinding } from './ts/session.ts'

/** A finding for people, and as a file that replays it. */
export type Described = { readonly text: string; readonly file: string; readonly golden: string }

const again = (seed: number, kind: string, count = 1): string =>
  `again: npm run fuzz -- --kind ${kind} --seed ${seed} --count ${count} --jobs 1`

/** A finding, made small or `asFound`: the call, what differs, the program. */
export function describeFinding(finding: Finding, engines: readonly DiffEngine[], asFound: boolean): Described {
  const { seed, module, trial, mismatch } = asFound ? finding : shrinkFinding(finding, engines)
  const text = [
    `engines disagree at seed ${seed} (${again(seed, 'ir')})`,
    describeTrial(trial),
    describeMismatch(mismatch),
    printModule(module, { spans: module.files.length > 0 }),
  ].join('\n')
  return { text, file: `${seed}.ir`, golden: goldenText(`seed ${seed}`, module, [trial]) }
}

export async function describeSourceFinding(
  finding: SourceFinding,
  engines: readonly DiffEngine[],
  asFound: boolean,
  from: 'ts' | 'mutants' = 'ts',
): Promise<Described> {
  const { shrinkSource } = await import('./ts/shrink.ts')
  // Each variant of a program that does not end would take a process of Node a minute.
  const isKept = asFound || finding.kind === 'hang'
  const { source, calls, kind, text: what } = isKept ? finding : await shrinkSource(finding, engines)
  const { seed, first, count } = finding
  const text = `${kind} at seed ${seed} (${again(first, from, count)})\n${what}\n${source}`
  const lines = calls.map((call) => JSON.stringify(call)).join('\n')
  const golden = `# Seed ${seed} of the fuzzer (${from})\n\n## source\n\n\`\`\`ts\n${source}\`\`\`\n\n## calls\n\n\`\`\`jsonl\n${lines}\n\`\`\`\n`
  return { text, file: `${seed}.md`, golden }
}

function describeTrial({ call, limits }: Trial): string {
  const tight = Object.entries(limits).filter(([name, value]) => value !== LIMITS[name as keyof typeof LIMITS])
  const under = tight.map(([name, value]) => `, ${name} ${value}`).join('')
  return `${call.entry}(${call.args.map((arg) => JSON.stringify(arg)).join(', ')})${under}`
}

/** One line that says how far a session is. */
export function describeProgress(tally: Tally, seconds: number): string {
  const rate = (tally.programs / Math.max(seconds, 0.001)).toFixed(0)
  const ops = OP_NAMES.filter((op) => (tally.ops[op] ?? 0) > 0).length
  const ends = Object.entries(tally.ends)
    .sort(([, a], [, b]) => b - a)
    .map(([end, count]) => `${end} ${((100 * count) / tally.runs).toFixed(0)}%`)
  const shared = tally.modules < tally.programs ? ` in ${tally.modules} modules` : ''
  const head = `${seconds.toFixed(0)} s: ${tally.programs} programs${shared} (${rate}/s), ${tally.runs} runs`
  return `${head}, ops ${ops}/${OP_NAMES.length}, ${ends.slice(0, 6).join(', ')}`
}

/** Everything that a session counted; `ops`: the operations that its programs may have. */
export function describeSummary(tally: Tally, seconds: number, ops: readonly string[] = OP_NAMES): string {
  const sorted = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([key, count]) => `${key} ${count}`)
      .join(', ')
  const hasCoverage = Object.keys(tally.ops).length > 0
  const coverage = hasCoverage
    ? [`results by kind of type: ${sorted(tally.kinds)}`, ...describeCoverage('operations', ops, tally.ops)]
    : ['coverage is known with the reference only']
  const features = Object.keys(tally.features)
  const ofKind = (kind: string): string[] => features.filter((feature) => feature.startsWith(kind))
  return [
    describeProgress(tally, seconds),
    `ends: ${sorted(tally.ends)}; inconclusive ${tally.inconclusive}`,
    ...coverage,
    ...(features.length > 0 ? describeCoverage('constructs', ofKind('syntax'), tally.features) : []),
    ...(features.length > 0 ? describeCoverage('members', ofKind('member'), tally.features) : []),
  ].join('\n')
}

/** How many of some things were there, which never, and which seldom. */
function describeCoverage(what: string, names: readonly string[], counts: Readonly<Record<string, number>>): string[] {
  const met = names.filter((name) => (counts[name] ?? 0) > 0).sort((a, b) => counts[a]! - counts[b]!)
  const never = names.filter((name) => !met.includes(name))
  const short = (name: string): string => name.replace(/^\w+ /, '')
  return [
    `${what} ${met.length} of ${names.length}; never: ${never.map(short).join(', ') || 'none'}`,
    `rarest: ${met
      .slice(0, 12)
      .map((name) => `${short(name)} ${counts[name]}`)
      .join(', ')}`,
  ]
}
