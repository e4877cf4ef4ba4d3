import type { Encoded } from '../../../src/base/index.ts'
import type { Module } from '../../../src/ir/index.ts'
import type { DiffEngine } from '../engines.ts'
import type { Mismatch } from '../observation.ts'
import type { Finding } from '../session.ts'
import { LIMITS, runTrial, type Trial } from '../trial.ts'
import { shrinkModule } from './shrink.ts'

/** Values that a limit which was tight is given in turn, since a smaller program uses less. */
const TIGHT_MAX = 30
const TIGHT = ['fuel', 'allocation', 'depth'] as const

type Seen = { readonly trial: Trial; readonly mismatch: Mismatch }

/** The finding with a smaller module, simpler arguments and, where they do not matter, the usual limits. */
export function shrinkFinding(finding: Finding, engines: readonly DiffEngine[], milliseconds?: number): Finding {
  const { entry } = finding.trial.call
  const alone = { ...finding.module, entries: finding.module.entries.filter((e) => e.name === entry) }
  const judge = new Judge(engines, finding)
  if (!judge.see(alone)) return finding
  const smaller = shrinkModule(alone, (module) => judge.see(module) !== undefined, milliseconds)
  const seen = judge.simplifyArguments(smaller) ?? judge.see(smaller)
  return seen ? { ...finding, module: smaller, ...seen } : finding
}

/** Sees whether engines still disagree, in the way in which they did at first. */
class Judge {
  readonly #engines: readonly DiffEngine[]
  readonly #finding: Finding
  readonly #limits: readonly Trial['limits'][]

  constructor(engines: readonly DiffEngine[], finding: Finding) {
    this.#engines = engines
    this.#finding = finding
    this.#limits = limitsToTry(finding.trial.limits)
  }

  see(module: Module, args = this.#finding.trial.call.args): Seen | undefined {
    const { call } = this.#finding.trial
    for (const other of this.#limits) {
      const trial = { call: { entry: call.entry, args }, limits: other }
      const { verdict } = runTrial(this.#engines, module, trial)
      if (verdict && verdict !== 'inconclusive' && this.#isSame(verdict)) return { trial, mismatch: verdict }
    }
    return undefined
  }

  /** Crashes are kept apart from other differences, and results from costs, or one would be shrunk to another. */
  #isSame(mismatch: Mismatch): boolean {
    return kindOf(mismatch) === kindOf(this.#finding.mismatch)
  }

  simplifyArguments(module: Module): Seen | undefined {
    let seen: Seen | undefined
    let args = this.#finding.trial.call.args
    for (let i = 0; i < args.length; i++)
      for (const simple of [{ $: 'undefined' }, null, 0, 1, false, '', 'a', []] as Encoded[]) {
        const entry = module.entries[0]!
        if (!fits(entry.params[i]!.type.kind, simple)) continue
        const found = this.see(module, args.with(i, simple))
        if (!found) continue
        seen = found
        args = args.with(i, simple)
        break
      }
    return seen
  }
}

/** The usual limits first, as what fails under them is simpler. */
function limitsToTry(limits: Trial['limits']): Trial['limits'][] {
  const tight = TIGHT.find((name) => limits[name] < LIMITS[name])
  if (tight === undefined) return [LIMITS]
  const step = tight === 'allocation' ? 8 : 1
  const few = Array.from({ length: TIGHT_MAX }, (_, i) => ({ ...LIMITS, [tight]: (i + 1) * step }))
  return [LIMITS, limits, ...few]
}

function kindOf({ members, sightings }: Mismatch): string {
  if (sightings.some(({ observation }) => observation.end === 'crashed')) return 'crash'
  return members.some((m) => !['fuel', 'allocatedBytes', 'depthMax', 'stack'].includes(m)) ? 'result' : 'cost'
}

function fits(kind: string, value: Encoded): boolean {
  switch (typeof value) {
    case 'number':
      return kind === 'f64'
    case 'string':
      return kind === 'string'
    case 'boolean':
      return kind === 'bool'
    default:
      return Array.isArray(value) ? kind === 'array' : value === null ? kind === 'null' : kind === 'undefined'
  }
}
