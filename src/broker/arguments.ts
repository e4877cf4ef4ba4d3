import { TIMER_MS_MAX } from '../base/index.ts'
import { Type, type Static, type TProperties, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { CAPABILITIES, CapabilityName } from '../effects/index.ts'
import { EffectFailure } from './failure.ts'

const closed = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })
const Ms = Type.Number({ minimum: 0, maximum: TIMER_MS_MAX })
const Path = Type.String({ maxLength: 4096 })
const Key = Type.String({ minLength: 1, maxLength: 512 })
const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

type Operations<C extends CapabilityName> = keyof (typeof CAPABILITIES)[C]['effects']
type Table = { readonly [C in CapabilityName]: { readonly [O in Operations<C>]: TSchema } }

/** The arguments of every operation: what a run sends is checked by these before any handler sees it. */
export const ARGUMENTS = {
  approvals: {
    request: closed({ title: Type.String({ minLength: 1, maxLength: 1000 }), details: Type.Optional(Type.Unknown()) }),
  },
  clock: { sleep: closed({ ms: Ms }) },
  files: {
    read: closed({ path: Path, base64: Type.Boolean() }),
    write: closed({ path: Path, text: Type.String(), base64: Type.Boolean() }),
    append: closed({ path: Path, text: Type.String() }),
    list: closed({ path: Path }),
    stat: closed({ path: Path }),
    remove: closed({ path: Path }),
  },
  http: {
    fetch: closed({
      url: Type.String({ maxLength: 32_768 }),
      method: Type.String({ minLength: 1, maxLength: 32 }),
      headers: Type.Array(Type.Tuple([Type.String(), Type.String()]), { maxItems: 200 }),
      body: OrNull(Type.String()),
      base64: Type.Boolean(),
      redirect: Type.Enum(['follow', 'error', 'manual']),
      timeoutMs: OrNull(Ms),
    }),
  },
  kv: {
    get: closed({ key: Key }),
    set: closed({ key: Key, value: Type.Unknown() }),
    delete: closed({ key: Key }),
    list: closed({
      prefix: Type.String({ maxLength: 512 }),
      after: Type.String({ maxLength: 512 }),
      limit: Type.Integer({ minimum: 1, maximum: 1000 }),
    }),
    compareAndSet: closed({
      key: Key,
      expected: OrNull(closed({ value: Type.Unknown() })),
      value: Type.Unknown(),
    }),
  },
  log: {},
  programs: {
    call: closed({
      program: Type.String({ minLength: 1, maxLength: 300 }),
      entry: OrNull(Type.String({ maxLength: 1000 })),
      inputs: Type.Unknown(),
    }),
  },
  random: {},
  secrets: { use: closed({ name: Type.String({ maxLength: 100 }) }) },
} as const satisfies Table

export type ArgumentsOf<
  C extends CapabilityName,
  O extends keyof (typeof ARGUMENTS)[C],
> = (typeof ARGUMENTS)[C][O] extends infer S extends TSchema ? Static<S> : never

/** Throws a failure that names the place where the arguments do not fit. */
export function checkArguments(name: string, schema: TSchema, args: unknown): void {
  if (Value.Check(schema, args)) return
  const [first] = Value.Errors(schema, args)
  const where = first?.instancePath === undefined || first.instancePath === '' ? 'the arguments' : first.instancePath
  throw new EffectFailure('arguments', `${name}: ${where} ${first?.message ?? 'do not fit'}`)
}
