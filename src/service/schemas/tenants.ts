import { Type } from 'typebox'
import { TENANT_ID } from '../tenants.ts'
import { closed, PageQuery } from './common.ts'

export const TenantBodySchema = closed({
  id: Type.String({ pattern: TENANT_ID, description: 'Lower-case letters, digits and `-`.' }),
  label: Type.Optional(Type.String({ maxLength: 200 })),
})

export const TenantQuerySchema = closed(PageQuery)

export const TenantSchema = Type.Object({
  id: Type.String(),
  label: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
  disabledAt: Type.Optional(Type.String({ format: 'date-time' })),
})

export const TenantListSchema = Type.Object({
  tenants: Type.Array(TenantSchema),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})
