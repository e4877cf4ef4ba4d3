import { Type, type Static } from 'typebox'
import { RULE_NAMES } from '../../policy/index.ts'
import { OVERRIDE_DAYS_MAX, OVERRIDE_STATES } from '../access/overrides.ts'
import { closed } from './common.ts'

const Time = Type.String({ format: 'date-time' })
const Rule = Type.Enum([...RULE_NAMES], { description: 'The rule of profiles (docs/POLICY.md).' })

export const OverrideBodySchema = closed({
  program: Type.String({
    maxLength: 300,
    description: 'As for /execute; the override is for the document it names now.',
  }),
  rule: Rule,
  justification: Type.String({ minLength: 10, maxLength: 10_000 }),
  expiresAt: Type.String({ format: 'date-time', description: `At most ${OVERRIDE_DAYS_MAX} days from now.` }),
  principal: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'For whom; whoever asks. For others only an admin asks.',
    }),
  ),
})
export type OverrideBody = Static<typeof OverrideBodySchema>

export const OverrideDecisionSchema = closed({
  approved: Type.Boolean(),
  note: Type.Optional(Type.String({ maxLength: 10_000 })),
})

export const OverrideQuerySchema = closed({
  after: Type.Optional(Type.String({ maxLength: 100, description: 'The id of the last one that was seen.' })),
  limit: Type.Optional(
    Type.String({ pattern: '^([1-9]\\d?|[1-9]\\d\\d|1000)$', description: 'At most so many; 100.' }),
  ),
})

export const OverrideSchema = Type.Object({
  id: Type.String(),
  tenant: Type.String(),
  principal: Type.String(),
  program: Type.String(),
  rule: Rule,
  justification: Type.String(),
  requestedBy: Type.String(),
  requestedAt: Time,
  expiresAt: Time,
  state: Type.Enum([...OVERRIDE_STATES]),
  decidedBy: Type.Optional(Type.String()),
  decidedAt: Type.Optional(Time),
  note: Type.Optional(Type.String()),
  revokedBy: Type.Optional(Type.String()),
})

export const OverrideListSchema = Type.Object({
  overrides: Type.Array(OverrideSchema),
  next: Type.Optional(Type.String()),
})
