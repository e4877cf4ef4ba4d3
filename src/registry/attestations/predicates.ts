import { Type, type TSchema } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { SIGNATURE_TYPE } from '../../document/index.ts'

const Digests = Type.Record(Type.String(), Type.String())

/** https://slsa.dev/spec/v1.0/provenance: what every reader needs; further members are the builder's. */
const Provenance = Type.Object({
  buildDefinition: Type.Object({
    buildType: Type.String({ minLength: 1 }),
    externalParameters: Type.Object({}),
    internalParameters: Type.Optional(Type.Object({})),
    resolvedDependencies: Type.Optional(
      Type.Array(Type.Object({ uri: Type.Optional(Type.String()), digest: Type.Optional(Digests) })),
    ),
  }),
  runDetails: Type.Object({
    builder: Type.Object({ id: Type.String({ minLength: 1 }) }),
    metadata: Type.Optional(
      Type.Object({
        invocationId: Type.Optional(Type.String()),
        startedOn: Type.Optional(Type.String()),
        finishedOn: Type.Optional(Type.String()),
      }),
    ),
  }),
})

/** How sure an obligation is; levels are never merged. */
const LEVELS = ['proved', 'bounded', 'tested', 'assumed', 'refuted', 'unknown', 'vacuous'] as const

/** What a verifier found out about a document. */
const Verification = Type.Object({
  verifier: Type.Object({ id: Type.String({ minLength: 1 }) }),
  obligations: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1 }),
      level: Type.Enum([...LEVELS]),
      /** Cases of `tested`, steps of `bounded`. */
      count: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),
})

type PredicateRow = { readonly type: string; readonly doc: string; readonly schema: TSchema }

/** The predicates whose form is checked, by the names that people call them. Others are kept as they are. */
const PREDICATES = {
  signature: {
    type: SIGNATURE_TYPE,
    doc: 'the signature of a document: that its key stands for it',
    schema: Type.Unknown(),
  },
  provenance: {
    type: 'https://slsa.dev/provenance/v1',
    doc: 'SLSA provenance v1: from what, how and by whom it was built',
    schema: Provenance,
  },
  verification: {
    type: 'urn:anrf:predicate:verification:v1',
    doc: 'what a verifier found out about its obligations, each with its level',
    schema: Verification,
  },
} as const satisfies Record<string, PredicateRow>

/** What keeps a predicate from being one of its type; nothing is known of other types. */
export function checkPredicate(type: string, predicate: unknown): string | undefined {
  const row = Object.values<PredicateRow>(PREDICATES).find((known) => known.type === type)
  if (!row || Check(row.schema, predicate)) return undefined
  const [first] = Errors(row.schema, predicate)
  return `the predicate is none of type ${type}: ${first ? `${first.instancePath} ${first.message}` : 'its form differs'}`
}
