import type { Outcome } from '../../base/index.ts'
import type { Amounts } from '../../effects/index.ts'
import { requireGrant, type CallContext, type Json } from '../context.ts'
import { EffectFailure } from '../failure.ts'
import type { Handlers } from './handler.ts'

/** Programs that call each other at once. */
const PROGRAM_DEPTH_MAX = 8

export const PROGRAMS: Handlers['programs'] = {
  async call({ program, entry, inputs }, context) {
    const { host, signal, key, meter } = context
    const named = /^[^@]*/.exec(program)![0]
    if (!host.programs) throw new EffectFailure('unavailable', 'this host has no published programs')
    const depth = host.programs.depth + 1
    if (depth > PROGRAM_DEPTH_MAX)
      throw new EffectFailure('quota', `programs: at most ${PROGRAM_DEPTH_MAX} programs call each other`)
    // Asked before and after: whoever has no grant does not learn what is published.
    if (!isGrantedAtAll(context, named)) requireGrant(context, { kind: 'programs', name: named, version: undefined })
    const found = await host.programs.find(program)
    if (!found) throw new EffectFailure('not-found', `programs: there is no program ${JSON.stringify(program)}`)
    requireGrant(context, { kind: 'programs', name: found.name ?? found.id, version: found.version })
    const grant = grantOf(program, context)
    const call = { id: found.id, entry, inputs: inputs as Json, depth, key, grant, account: meter.account }
    // Until it is known what it used, that is all that it might.
    context.spend(grant)
    const { outcome, used } = await host.programs.call(call, signal)
    if (used) context.spend(used)
    return resultOf(program, outcome)
  },
}

/** What the program may use; throws when its caller has nothing left to give. */
function grantOf(program: string, { grant }: CallContext): Amounts {
  const missing = (['fuel', 'allocation', 'effects'] as const).filter((name) => !grant || grant[name] < 1)
  if (grant && missing.length === 0) return grant
  const what = missing.join(' and ')
  throw new EffectFailure('quota', `programs: ${program} was not called: the caller has no ${what} left to give it`)
}

/** Whether any version of a name is granted; a digest says no name before it was looked up. */
function isGrantedAtAll({ grants }: { grants: Parameters<typeof requireGrant>[0]['grants'] }, name: string): boolean {
  return grants.some((grant) => grant.kind === 'programs' && (grant.name === name || name.startsWith('sha256:')))
}

function resultOf(program: string, outcome: Outcome): Json {
  if (outcome.kind === 'returned') return outcome.value
  if (outcome.kind === 'threw')
    throw new EffectFailure('failed', `${program} threw ${outcome.error.name}: ${outcome.error.message}`)
  const why = 'message' in outcome ? outcome.message : outcome.diagnostics.map(({ message }) => message).join('; ')
  throw new EffectFailure('failed', `${program} ${outcome.kind}: ${why}`)
}
