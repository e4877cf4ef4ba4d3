import { OP_NAMES, printModule } from '../../src/ir/index.ts'
import type { DiffEngine } from './engines.ts'
import { describeMismatch } from './observation.ts'
import type { Finding } from './session.ts'
import { shrinkFinding } from './shrink/finding.ts'
import type { Tally } from './tally.ts'
import { LIMITS, type Trial } from './trial.ts'

/** A finding as people read it: the call, what differs, the program. */
export function describeFinding(finding: Finding, engines: readonly DiffEngine[]): string {
  const { seed, module, trial, mismatch } = shrinkFinding(finding, engines)
  return [
    `engines disagree at seed ${seed} (again: npm run fuzz -- --seed ${seed} --count 1)`,
    describeTrial(trial),
    describeMismatch(mismatch),
    printModule(module),
  ].join('\n')
}

export function describeTrial({ call, limits }: Trial): string {
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
  const head = `${seconds.toFixed(0)} s: ${tally.programs} programs (${rate}/s), ${tally.runs} runs, ops ${ops}/${OP_NAMES.length}`
  return `${head}, ${ends.slice(0, 6).join(', ')}`
}

/** Everything that a session counted. */
export function describeSummary(tally: Tally, seconds: number): string {
  const sorted = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([key, count]) => `${key} ${count}`)
      .join(', ')
  const never = OP_NAMES.filter((op) => !tally.ops[op])
  const rarest = OP_NAMES.filter((op) => tally.ops[op]).sort((a, b) => tally.ops[a]! - tally.ops[b]!)
  return [
    describeProgress(tally, seconds),
    `ends: ${sorted(tally.ends)}; inconclusive ${tally.inconclusive}`,
    `kinds of results: ${sorted(tally.kinds)}`,
    `never executed: ${never.join(', ') || 'none'}`,
    `rarest: ${rarest
      .slice(0, 15)
      .map((op) => `${op} ${tally.ops[op]}`)
      .join(', ')}`,
  ].join('\n')
}
