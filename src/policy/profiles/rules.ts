import { Type, type TSchema } from 'typebox'
import { ISOLATION_LEVELS, LIMIT_NAMES, LIMITS, type IsolationLevel, type LimitName } from '../../base/index.ts'
import { formatGrant, isWithin, parseGrants } from '../../effects/index.ts'
import {
  VERIFICATION_LEVELS,
  type OperatorBounds,
  type ProfileRules,
  type RuleName,
  type VerificationLevel,
} from './profile.ts'

/** What is known of a run when a profile's demands are compared with it. */
export type RunSubject = {
  /** How the workers of this service are kept from the machine. */
  readonly isolation: IsolationLevel
  /** The levels at which the document is verified. */
  readonly verified: readonly VerificationLevel[]
  /** Which of these keys signed the program, each once. */
  readonly signersAmong: (keyIds: readonly string[]) => readonly string[]
}

/** Why a run does not meet a demand, and what would. */
export type Unmet = { readonly message: string; readonly allowed: readonly string[] }

type RuleRow<N extends RuleName> = {
  readonly about: string
  /** What holds where no profile says anything, and what an override of this rule leads back to. */
  readonly otherwise: string
  readonly enforcedBy: string
  /** The value in profiles.json. */
  readonly schema: TSchema
  readonly example: unknown
  /** The value as the service uses it, or all that is wrong with it by what the operator's settings bound. */
  readonly read: (
    value: never,
    bounds: OperatorBounds,
  ) => { readonly value: NonNullable<ProfileRules[N]> } | { readonly wrong: readonly string[] }
  /** Of a demand: why a run does not meet it. */
  readonly unmet?: (value: NonNullable<ProfileRules[N]>, subject: RunSubject) => Unmet | undefined
}

const closed = { additionalProperties: false }
const ISOLATIONS = Object.keys(ISOLATION_LEVELS) as IsolationLevel[]
const kept = <T>(value: T): { readonly value: T } => ({ value })

/** Everything that a profile can say, one row per member: reading, checking, enforcing and docs/POLICY.md come from it. */
export const RULES: { readonly [N in RuleName]-?: RuleRow<N> } = {
  grants: {
    about: 'what programs may do to the world, and where',
    otherwise: 'all that `ANRF_ALLOW` lists',
    enforcedBy: 'the broker, at every call',
    schema: Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 1000 }),
    example: ['http=GET https://api.example.com/v1', 'kv'],
    read: readGrants,
  },
  ceilings: {
    about: 'the most that each limit can be',
    otherwise: '`ANRF_CEILINGS`, and docs/LIMITS.md',
    enforcedBy: 'the engine and the parent of the worker; what was lowered stands in `clamped`',
    schema: Type.Object(
      Object.fromEntries(LIMIT_NAMES.map((name) => [name, Type.Optional(Type.Integer({ minimum: 1 }))])),
      closed,
    ),
    example: { wall: 2000, fuel: 50_000_000 },
    read: readCeilings,
  },
  isolation: {
    about: 'the weakest isolation of the worker that will do',
    otherwise: 'whatever `ANRF_ISOLATION` gave the service',
    enforcedBy: 'the step `govern`, which refuses the run',
    schema: Type.Enum(ISOLATIONS),
    example: 'container',
    read: kept,
    unmet: (least, { isolation }) =>
      ISOLATIONS.indexOf(isolation) <= ISOLATIONS.indexOf(least)
        ? undefined
        : {
            message: `the isolation ${least} is required, and workers here have ${isolation}`,
            allowed: ISOLATIONS.slice(0, ISOLATIONS.indexOf(least) + 1),
          },
  },
  process: {
    about: 'whether every run has a process of its own',
    otherwise: '`ANRF_PROCESS`, or what the request asks for',
    enforcedBy: 'the pool of workers',
    schema: Type.Enum(['fresh']),
    example: 'fresh',
    read: kept,
  },
  signature: {
    about: 'whose signatures the program must have, and how many of them',
    otherwise: '`ANRF_SIGNATURES`',
    enforcedBy: 'the step `govern`, which refuses the run',
    schema: Type.Object(
      {
        keys: Type.Array(Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }), {
          minItems: 1,
          maxItems: 16,
          uniqueItems: true,
        }),
        threshold: Type.Integer({ minimum: 1 }),
      },
      closed,
    ),
    example: { keys: [`sha256:${'4f'.repeat(32)}`], threshold: 1 },
    read: readSignature,
    unmet: ({ keys, threshold }, { signersAmong }) => {
      const signers = signersAmong(keys)
      if (signers.length >= threshold) return undefined
      const found = signers.length === 0 ? 'none is there' : `only ${signers.length} is there: ${signers.join(', ')}`
      return { message: `${threshold} of ${keys.length} signatures required, ${found}`, allowed: keys }
    },
  },
  verification: {
    about: 'at which level all verifiers must say that the document is right',
    otherwise: 'verifiers refuse what they are configured to',
    enforcedBy: 'the step `govern`, which refuses the run',
    schema: Type.Enum([...VERIFICATION_LEVELS]),
    example: 'module',
    read: kept,
    unmet: (level, { verified }) =>
      verified.includes(level)
        ? undefined
        : {
            message: `the verification ${level} is required, and the document is verified by ${verified.join(', ') || 'none'}`,
            allowed: [level],
          },
  },
}

export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[]

function readGrants(
  texts: readonly string[],
  { grants: listed }: OperatorBounds,
): { readonly value: NonNullable<ProfileRules['grants']> } | { readonly wrong: readonly string[] } {
  const parsed = parseGrants(texts)
  if ('diagnostics' in parsed) return { wrong: parsed.diagnostics.map(({ message }) => message) }
  const beyond = parsed.grants.filter((grant) => !listed.some((wide) => isWithin(grant, wide)))
  if (beyond.length === 0) return { value: parsed.grants }
  const list = listed.length === 0 ? 'lists nothing' : `lists ${listed.map(formatGrant).join('; ')}`
  return {
    wrong: beyond.map((grant) => `${formatGrant(grant)} is beyond what the service may grant: ANRF_ALLOW ${list}`),
  }
}

function readCeilings(
  value: NonNullable<ProfileRules['ceilings']>,
  bounds: OperatorBounds,
): { readonly value: NonNullable<ProfileRules['ceilings']> } | { readonly wrong: readonly string[] } {
  const wrong = (Object.entries(value) as [LimitName, number][]).flatMap(([name, ceiling]) => {
    const most = bounds.ceilings[name] ?? LIMITS[name].ceiling
    return ceiling <= most ? [] : [`${name}: ${ceiling} is above the ceiling of the service, ${most}`]
  })
  return wrong.length > 0 ? { wrong } : { value }
}

function readSignature(
  value: NonNullable<ProfileRules['signature']>,
  { trustedKeys }: OperatorBounds,
): { readonly value: NonNullable<ProfileRules['signature']> } | { readonly wrong: readonly string[] } {
  const { keys, threshold } = value
  const wrong = keys
    .filter((key) => !trustedKeys.includes(key))
    .map((key) => `the service does not trust ${key}: ANRF_TRUSTED_KEYS has no such key`)
  if (threshold > keys.length) wrong.push(`${threshold} of ${keys.length} keys can never have signed`)
  return wrong.length > 0 ? { wrong } : { value }
}
