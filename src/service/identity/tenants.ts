import type { QuotaOverrides } from '../quotas/table.ts'
import type { Query, Row } from '../../store/index.ts'

/** Whose artifacts, executions and keys are kept apart from those of others. Times are ISO 8601, UTC. */
export type Tenant = {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  /** From then on nothing is done for it. */
  readonly disabledAt?: string
}

/** Ids of tenants: no `:` and no `/`, so that they can stand before other names. */
export const TENANT_ID = '^[a-z0-9][a-z0-9-]{0,62}$'

type TenantRow = Row & {
  readonly id: string
  readonly label: string
  readonly created_at: string
  readonly disabled_at: string | null
}

type TenantSpec = Pick<Tenant, 'id' | 'label'>

const COLUMNS = 'id, label, created_at, disabled_at'

export async function findTenant(query: Query, id: string): Promise<Tenant | undefined> {
  const [row] = await query<TenantRow>(`select ${COLUMNS} from tenant where id = ?`, [id])
  return row && tenantOf(row)
}

/** Tenants in the order of their ids, those after the id `after`. */
export async function listTenants(
  query: Query,
  { after = '', limit = 1000 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<readonly Tenant[]> {
  const text = `select ${COLUMNS} from tenant where id > ? order by id limit ?`
  return (await query<TenantRow>(text, [after, limit])).map(tenantOf)
}

/** The quotas that a tenant has in place of those of the service. */
export async function findQuotas(query: Query, id: string): Promise<QuotaOverrides> {
  const [row] = await query<{ quotas: string | null }>('select quotas from tenant where id = ?', [id])
  return row?.quotas ? (JSON.parse(row.quotas) as QuotaOverrides) : {}
}

/** Replaces the quotas of a tenant, in the transaction that records it; whether there is such a tenant. */
export async function setQuotas(query: Query, id: string, quotas: QuotaOverrides): Promise<boolean> {
  const text = 'update tenant set quotas = ? where id = ? returning id'
  return (await query(text, [JSON.stringify(quotas), id])).length > 0
}

/** Makes a tenant in the transaction that records it; undefined when there is one of that id. */
export async function insertTenant(query: Query, { id, label }: TenantSpec): Promise<Tenant | undefined> {
  const text = `insert into tenant (id, label, created_at) values (?, ?, ?) on conflict (id) do nothing returning ${COLUMNS}`
  const [row] = await query<TenantRow>(text, [id, label, new Date().toISOString()])
  return row && tenantOf(row)
}

/** Refuses the requests of a tenant from now on, or takes them again; undefined when there is no such tenant. */
export async function setTenantDisabled(query: Query, id: string, isDisabled: boolean): Promise<Tenant | undefined> {
  const disabledAt = isDisabled ? new Date().toISOString() : null
  // Disabled twice is disabled since the first time.
  const text = 'update tenant set disabled_at = ? where id = ? and (disabled_at is null) <> (cast(? as text) is null)'
  await query(text, [disabledAt, id, disabledAt])
  return findTenant(query, id)
}

function tenantOf({ id, label, created_at: createdAt, disabled_at: disabledAt }: TenantRow): Tenant {
  return { id, label, createdAt, ...(disabledAt === null ? {} : { disabledAt }) }
}
