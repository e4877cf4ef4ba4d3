import { Type } from 'typebox'

const DeterminingSchema = Type.Object({
  id: Type.String(),
  effect: Type.Enum(['permit', 'forbid']),
  reason: Type.Optional(Type.String()),
})

export const PoliciesSchema = Type.Object({
  revision: Type.String({ description: '`default`, or the digest of the files.' }),
  loadedAt: Type.String({ format: 'date-time' }),
  policies: Type.Array(Type.Intersect([DeterminingSchema, Type.Object({ file: Type.String(), text: Type.String() })]), {
    description: "The operator's; those of the default set stand in `defaults`.",
  }),
  profiles: Type.Array(
    Type.Object({ name: Type.String(), about: Type.Optional(Type.String()), rules: Type.Array(Type.String()) }),
    { description: 'Most preferred first, with the rules that they have.' },
  ),
  schema: Type.String({ description: 'The Cedar schema.' }),
  defaults: Type.String({ description: 'The policies that every service has.' }),
  rejected: Type.Optional(
    Type.Object(
      { at: Type.String({ format: 'date-time' }), diagnostics: Type.Array(Type.Unknown()) },
      { description: 'What a reload refused since.' },
    ),
  ),
})

export const RevisionSchema = Type.Object({ revision: Type.String() })

export const DecisionSchema = Type.Object({
  revision: Type.String(),
  allowed: Type.Boolean(),
  policies: Type.Array(DeterminingSchema, { description: 'Those that forbid it, else those that permit it.' }),
  errors: Type.Array(Type.String(), { description: 'Policies that could not be evaluated, which denies.' }),
})
