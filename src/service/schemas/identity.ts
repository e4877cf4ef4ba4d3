import { Type } from 'typebox'

export const IdentitySchema = Type.Object({
  principal: Type.String({ description: 'The same for every key of one caller.' }),
  tenant: Type.String(),
  scopes: Type.Array(Type.String()),
})
