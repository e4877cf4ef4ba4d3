import type { Call, Reply } from '../context.ts'
import { overloaded } from '../flow/gateway.ts'
import { problem, type Problem } from '../http/problem.ts'

/** `GET /livez`: the process answers. */
export async function getLive(): Promise<Reply> {
  return { status: 200, body: { status: 'ok' } }
}

/** `GET /readyz`: the store answers and takes what is written, and requests are taken. */
export async function getReady({ services }: Call): Promise<Reply | { readonly problem: Problem }> {
  if (services.isStopping()) return { problem: overloaded('the service is stopping') }
  await services.store.sql.query('select 1 from migration')
  if (await services.store.isFull())
    return { problem: problem('ANRF5008', 'the store has no space left: executions are refused', { status: 503 }) }
  const { pids: _, isolation, cgroups, fresh, ...workers } = services.pool.status()
  return { status: 200, body: { status: 'ok', isolation, cgroups, fresh, workers } }
}
