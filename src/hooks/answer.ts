import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { LIMIT_NAMES } from '../base/index.ts'
import type { StageName } from './event.ts'
import { HookFailure } from './failure.ts'

const Limit = Type.Optional(Type.Integer({ minimum: 1 }))
const Common = { allow: Type.Boolean(), reason: Type.Optional(Type.String({ maxLength: 1000 })) }
const closed = { additionalProperties: false }

const BeforeAnswer = Type.Object(
  {
    ...Common,
    limits: Type.Optional(Type.Object(Object.fromEntries(LIMIT_NAMES.map((name) => [name, Limit])), closed)),
  },
  closed,
)

const Pointer = Type.String({ pattern: '^/(output/result|logs|error)(/|$)', maxLength: 1000 })
const AfterAnswer = Type.Object({ ...Common, redact: Type.Optional(Type.Array(Pointer, { maxItems: 1000 })) }, closed)

const SCHEMAS = { before: BeforeAnswer, after: AfterAnswer }

export type AnswerOf<S extends StageName> = Static<(typeof SCHEMAS)[S]>

/** What a hook answered, if it is an answer. Fails with a `HookFailure`. */
export function readAnswer<S extends StageName>(stage: S, given: unknown): AnswerOf<S> {
  const schema = SCHEMAS[stage]
  if (Value.Check(schema, given)) return given as AnswerOf<S>
  const [first] = Value.Errors(schema, given)
  const where = first?.instancePath === '' ? '' : `${first?.instancePath}: `
  const message = first?.message === 'schema is false' ? 'there is no such member' : first?.message
  throw new HookFailure('answer', `its answer does not fit: ${where}${message ?? 'it is no answer'}`)
}
