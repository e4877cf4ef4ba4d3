import type { Call, Reply } from '../context.ts'
import { overloaded } from '../flow/gateway.ts'
import type { Problem } from '../http/problem.ts'

/** `GET /livez`: the process answers. */
export async function getLive(): Promise<Reply> {
  return { status: 200, body: { status: 'ok' } }
}

/** `GET /readyz`: the store answers and requests are taken. */
export async function getReady({ services }: Call): Promise<Reply | { readonly problem: Problem }> {
  if (services.isStopping()) return { problem: overloaded('the service is stopping') }
  await services.store.sql.query('select 1 from migration')
  const { pids: _, isolation, cgroups, fresh, ...workers } = services.pool.status()
  return { status: 200, body: { status: 'ok', isolation, cgroups, fresh, workers } }
}
