import { Type } from 'typebox'
import { SCOPES } from '../keys.ts'
import { closed } from './common.ts'

export const KeyBodySchema = closed({
  label: Type.String({ minLength: 1, maxLength: 200 }),
  scopes: Type.Array(Type.Enum([...SCOPES]), { minItems: 1, maxItems: SCOPES.length, uniqueItems: true }),
})

const KeyInfoSchema = Type.Object({
  id: Type.String(),
  principal: Type.String(),
  tenant: Type.String(),
  label: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  revokedAt: Type.Optional(Type.String({ format: 'date-time' })),
})

export const KeyListSchema = Type.Object({ keys: Type.Array(KeyInfoSchema) })

export const NewKeySchema = Type.Object({ id: Type.String(), key: Type.String() })
