import { diagnostic, type Diagnostic } from '../../base/index.ts'
import type { Decision, Determining, PolicyRequest } from '../request.ts'
import { openCedar } from './cedar.ts'
import { cedarRequestOf } from './entities.ts'
import { diagnosticOf, type ParsedPolicy } from './parse.ts'

/** Policies that Cedar has read and that decide. */
export type Engine = {
  decide(request: PolicyRequest): Decision
  /** Gives their memory back; they decide nothing afterwards. */
  close(): void
}

type PolicyRow = Determining & { readonly text: string }

/** All that does not fit the schema (ANRF5031), strictly, and warnings about policies that can never apply. */
export function validatePolicies(policies: readonly ParsedPolicy[], schema: string): readonly Diagnostic[] {
  const byId = new Map(policies.map((policy) => [policy.id, policy]))
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]))
  const answer = openCedar().validate({
    validationSettings: { mode: 'strict' },
    schema,
    policies: { staticPolicies },
  })
  if (answer.type === 'failure')
    return answer.errors.map(({ message }) =>
      diagnostic('ANRF5031', { message: `the set is not understood: ${message}` }),
    )
  const { validationErrors, validationWarnings } = answer
  const failed = new Set(validationErrors.map(({ policyId }) => policyId))
  return [
    ...validationErrors.map(({ policyId, error }) => diagnosticOf('ANRF5031', known(byId.get(policyId)), error)),
    // Of a policy that is refused anyway its errors say more.
    ...validationWarnings
      .filter(({ policyId }) => !failed.has(policyId))
      .map(({ policyId, error }) => diagnosticOf('ANRF5031', known(byId.get(policyId)), error, 'warning')),
  ]
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Cedar speaks of a policy that it was not given')
  return value
}

/** Cedar keeps parsed sets by name and has no way to drop one, so names are used again. */
const freeSlots: string[] = []
let slots = 0

/** Parses policies once for many decisions. They must have passed {@link validatePolicies}. */
export function openEngine(policies: readonly PolicyRow[], schema: string): Engine {
  const cedar = openCedar()
  const slot = freeSlots.pop() ?? `anrf-${slots++}`
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]))
  expect(cedar.preparsePolicySet(slot, { staticPolicies }))
  expect(cedar.preparseSchema(slot, schema))
  const byId = new Map(
    policies.map(({ id, effect, reason }) => [id, { id, effect, ...(reason !== undefined && { reason }) }]),
  )
  let isOpen = true
  return {
    decide: (request) => {
      if (!isOpen) throw new Error('policies that were replaced are asked')
      return decide(slot, byId, request)
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      expect(cedar.preparsePolicySet(slot, { staticPolicies: {} }))
      freeSlots.push(slot)
    },
  }
}

function decide(slot: string, byId: ReadonlyMap<string, Determining>, request: PolicyRequest): Decision {
  const answer = openCedar().statefulIsAuthorized({
    ...cedarRequestOf(request),
    preparsedPolicySetId: slot,
    preparsedSchemaName: slot,
    validateRequest: true,
  })
  // What Cedar does not take as a request is denied: a defect of ours, or an address that it does not know.
  if (answer.type === 'failure')
    return { allowed: false, policies: [], errors: answer.errors.map(({ message }) => message) }
  const { decision, diagnostics } = answer.response
  // Cedar passes over a policy that fails, which would let through what a `forbid` was written against.
  const errors = diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`)
  return {
    allowed: decision === 'allow' && errors.length === 0,
    policies: [...diagnostics.reason].sort().map((id) => known(byId.get(id))),
    errors,
  }
}

function expect(
  answer:
    | { readonly type: 'success' }
    | { readonly type: 'failure'; readonly errors: readonly { readonly message: string }[] },
): void {
  if (answer.type === 'failure')
    throw new Error(`Cedar does not take what it validated: ${answer.errors[0]?.message ?? ''}`)
}
