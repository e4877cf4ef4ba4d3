import { clampLimits, type Clamped } from '../../base/index.ts'
import { isHookPrincipal } from '../../hooks/index.ts'
import {
  chooseProfile,
  RUN_WITH,
  type Granted,
  type Policies,
  type ProgramFacts,
  type RunFacts,
  type RunSubject,
  type Unfit,
} from '../../policy/index.ts'
import { denied, programFacts } from '../access/authorize.ts'
import { findOverrides } from '../access/overrides.ts'
import { boundsOf } from '../access/policy-actions.ts'
import type { Principal } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'
import { verifyDocument, type VerificationReport } from '../verification/documents.ts'
import { known, type Flow, type Step } from './flow.ts'
import { findStanding } from './standing.ts'

/**
 * After step 3: with what the program may be run, by the policies and profiles in force now. What is gone on with is governed
 * again, with the profile that it began with and the rights that its principal has by then.
 */
export const govern: Step = async (flow) => {
  const policies = flow.call.services.policies.current()
  const principal = await principalOf(flow)
  if ('status' in principal) return principal
  // Programs of hooks are the operator's own: profiles are for what callers run.
  const choice = isHookPrincipal(principal.id)
    ? { granted: operatorsOwn(flow) }
    : await chooseFor(flow, policies, principal)
  if ('problem' in choice) return choice.problem
  flow.granted = { ...choice.granted, revision: policies.revision }
  const { limits, clamped } = clampLimits(known(flow.limits), choice.granted.ceilings)
  flow.limits = limits
  flow.clamped = mergeClamped(flow.clamped ?? [], clamped)
  return undefined
}

/** Of an execution that is gone on with: its principal with the scopes that it has now. */
async function principalOf({ call, run }: Flow): Promise<Principal | Problem> {
  return run ? findStanding(call.services, run) : known(call.principal)
}

async function chooseFor(
  flow: Flow,
  policies: Policies,
  principal: Principal,
): Promise<{ readonly granted: Granted } | { readonly problem: Problem }> {
  const { services } = flow.call
  const { artifact } = known(flow.loaded)
  const program = programFacts(artifact)
  const context = { time: Date.now(), ...(flow.call.address !== undefined && { address: flow.call.address }) }
  const start = { principal, action: 'executions.start', resource: { kind: 'Program', ...program }, context } as const
  // It was asked when the request came, of what the name stood for then; programs that call others get here without that.
  const decision = policies.decide(start)
  if (!decision.allowed) return { problem: denied(principal, start.action, decision, 'execute') }
  const run = runFactsOf(flow, program)
  const decide = (id: string): ReturnType<Policies['decide']> =>
    policies.decide({ ...start, action: RUN_WITH, resource: { kind: 'Profile', id }, context: { ...context, run } })
  const hasRules = policies.profiles.some(({ rules }) => Object.keys(rules).length > 0)
  const overrides = hasRules ? await findOverrides(services.store.sql, principal, artifact.id) : new Map()
  const isVerificationAsked = policies.profiles.some(({ rules }) => rules.verification !== undefined)
  const verified = isVerificationAsked ? verifiedLevels(await verifyDocument(services, known(flow.loaded))) : []
  const { profile, granted: before } = flow.asked
  const choice = chooseProfile(
    policies.profiles,
    before ?? profile,
    decide,
    subjectOf(flow, verified),
    boundsOf(services.config),
    (rule) => overrides.get(rule),
  )
  return 'granted' in choice ? choice : { problem: refusalOf(principal, program, choice.unfit) }
}

function runFactsOf({ loaded, entry, depth, run }: Flow, program: ProgramFacts): RunFacts {
  const capabilities = known(loaded).opened.document.security.capabilities.map(({ name }) => name)
  return { program, capabilities, entry: known(entry), depth, isResumed: run !== undefined }
}

function subjectOf({ call, loaded }: Flow, verified: RunSubject['verified']): RunSubject {
  const { signedBy } = known(loaded)
  return {
    isolation: call.services.pool.status().isolation,
    verified,
    signersAmong: (keyIds) => keyIds.filter((keyId) => signedBy.some((key) => key.keyId === keyId)),
  }
}

/** The levels at which every verifier that was asked says that the document is right. */
function verifiedLevels({ results }: VerificationReport): RunSubject['verified'] {
  const unverified = new Set(results.filter(({ status }) => status !== 'verified').map(({ level }) => level))
  return [...new Set(results.map(({ level }) => level))].filter((level) => !unverified.has(level))
}

function operatorsOwn({ call }: Flow): Granted {
  const { grants, ceilings } = boundsOf(call.services.config)
  return { profile: 'hook', grants, ceilings, isFresh: false, policies: [], overrides: [] }
}

/** A limit that was lowered twice was asked for once. */
function mergeClamped(before: readonly Clamped[], now: readonly Clamped[]): readonly Clamped[] {
  const lowered = new Map(before.map((one) => [one.limit, one]))
  for (const one of now) lowered.set(one.limit, { ...one, asked: lowered.get(one.limit)?.asked ?? one.asked })
  return [...lowered.values()]
}

/** Why no profile fits, what would, and how to ask for an exception. */
function refusalOf({ id }: Principal, program: ProgramFacts, unfit: readonly Unfit[]): Problem {
  const policies = unfit.flatMap((one) => (one.rule === RUN_WITH ? one.policies : []))
  const errors = unfit.flatMap((one) => one.errors)
  const rules = [...new Set(unfit.flatMap(({ rule }) => (rule === RUN_WITH ? [] : [rule])))]
  const told = unfit.map(({ profile, rule, message }) => `profile ${profile}, ${rule}: ${message}`)
  const isForbidden = rules.length === 0 && (policies.length > 0 || errors.length > 0)
  const more = {
    anrfId: program.id,
    policy: {
      action: RUN_WITH,
      policies,
      errors,
      profiles: unfit.map(({ profile, rule, message, allowed }) => ({ profile, rule, message, allowed })),
      ...(rules.length > 0 && { override: { request: 'POST /overrides', program: program.id, rules } }),
    },
  }
  return problem(isForbidden ? 'ANRF5033' : 'ANRF5034', `${id} may not run the program: ${told.join('; ')}`, more)
}
