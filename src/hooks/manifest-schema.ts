import { Type, type Static, type TProperties } from 'typebox'
import { LIMIT_NAMES } from '../base/index.ts'
import { EVENTS, STAGES } from './event.ts'
import { INCLUDED } from './hook.ts'

const closed = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })
const list = <T extends string>(names: readonly T[]) =>
  Type.Array(Type.Enum([...names]), { minItems: 1, uniqueItems: true })
const texts = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1 })

const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' })
const TimeoutMs = Type.Integer({ minimum: 1, maximum: 60_000 })

const WebhookSchema = closed({
  url: Type.String({ maxLength: 2000 }),
  /** Variables of the environment. */
  secrets: Type.Array(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), { minItems: 1, maxItems: 5 }),
  private: Type.Optional(Type.Boolean()),
  answerBytesMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 * 2 ** 20 })),
})

const ProgramSchema = closed({
  reference: Type.String({ minLength: 1, maxLength: 300 }),
  entry: Type.Optional(Type.String({ maxLength: 1000 })),
  tenant: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  limits: Type.Optional(
    closed(Object.fromEntries(LIMIT_NAMES.map((name) => [name, Type.Optional(Type.Integer({ minimum: 1 }))]))),
  ),
})

const HookSchema = closed({
  name: Name,
  on: list([...(Object.keys(STAGES) as (keyof typeof STAGES)[]), ...(Object.keys(EVENTS) as (keyof typeof EVENTS)[])]),
  webhook: Type.Optional(WebhookSchema),
  program: Type.Optional(ProgramSchema),
  module: Type.Optional(Type.String({ minLength: 1 })),
  timeoutMs: Type.Optional(TimeoutMs),
  onFailure: Type.Optional(Type.Enum(['open', 'closed'])),
  only: Type.Optional(
    closed({ tenants: Type.Optional(texts), programs: Type.Optional(texts), outcomes: Type.Optional(texts) }),
  ),
  include: Type.Optional(list(Object.keys(INCLUDED) as (keyof typeof INCLUDED)[])),
  attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  retryMs: Type.Optional(Type.Integer({ minimum: 10, maximum: 3_600_000 })),
})

const VerifierSchema = closed({
  name: Name,
  module: Type.String({ minLength: 1 }),
  timeoutMs: Type.Optional(TimeoutMs),
  required: Type.Optional(Type.Boolean()),
})

export const ManifestSchema = closed({
  hooks: Type.Optional(Type.Array(HookSchema)),
  verifiers: Type.Optional(Type.Array(VerifierSchema)),
})

export type Manifest = Static<typeof ManifestSchema>
export type ManifestHook = Static<typeof HookSchema>
