import { Type } from 'typebox'
import { TENANT_ID } from '../identity/tenants.ts'
import { QUOTA_MAX, QUOTA_NAMES, QUOTAS, WINDOW_SECONDS_MAX, type QuotaName } from '../quotas/table.ts'
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

const quotaOf = (name: QuotaName) =>
  closed({
    quota: Type.Integer({ minimum: 1, maximum: QUOTA_MAX, description: `${QUOTAS[name].unit}: ${QUOTAS[name].doc}` }),
    windowSeconds: Type.Integer({ minimum: 1, maximum: WINDOW_SECONDS_MAX, description: '1 for a number at once.' }),
  })

export const QuotasBodySchema = closed(
  Object.fromEntries(QUOTA_NAMES.map((name) => [name, Type.Optional(Type.Union([quotaOf(name), Type.Null()]))])),
)

export const QuotasSchema = Type.Object({
  overrides: Type.Unknown({ description: 'In place of the quotas of the service; `null` is none.' }),
  inForce: Type.Unknown({ description: 'What applies to the tenant, its principals and its programs.' }),
})
