import { Type } from 'typebox'
import { SCOPES } from '../identity/principal.ts'
import { TENANT_ID } from '../identity/tenants.ts'
import { closed, PageQuery } from './common.ts'

const ExpiresAt = Type.String({ format: 'date-time', description: 'When the key ends; never, if it is left out.' })

export const KeyBodySchema = closed({
  label: Type.String({ minLength: 1, maxLength: 200 }),
  scopes: Type.Array(Type.Enum([...SCOPES]), { minItems: 1, maxItems: SCOPES.length, uniqueItems: true }),
  expiresAt: Type.Optional(ExpiresAt),
  principal: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'An identity that has or had keys; by default the key has one of its own.',
    }),
  ),
  tenant: Type.Optional(
    Type.String({ pattern: TENANT_ID, description: 'Another tenant than your own, which asks for `operate` too.' }),
  ),
})

export const KeyQuerySchema = closed({
  ...PageQuery,
  tenant: Type.Optional(
    Type.String({ pattern: TENANT_ID, description: 'Another tenant than your own, which asks for `operate` too.' }),
  ),
})

export const RotateBodySchema = closed({
  graceSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 30 * 86_400,
      description: 'How long the key before stays valid; a day by default.',
    }),
  ),
  expiresAt: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'When the new key ends; by default it lives as long as the one before was to.',
    }),
  ),
})

const KeyInfoSchema = Type.Object({
  id: Type.String(),
  principal: Type.String(),
  tenant: Type.String(),
  label: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  lastUsedAt: Type.Optional(Type.String({ format: 'date-time', description: 'To the hour.' })),
  revokedAt: Type.Optional(Type.String({ format: 'date-time' })),
})

export const KeyListSchema = Type.Object({
  keys: Type.Array(KeyInfoSchema),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})

export const NewKeySchema = Type.Object({ id: Type.String(), key: Type.String() })

export const RotatedKeySchema = Type.Object({
  ...NewKeySchema.properties,
  oldExpiresAt: Type.String({ format: 'date-time', description: 'When the key before ends.' }),
})
