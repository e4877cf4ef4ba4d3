import type { Call, Reply } from '../context.ts'
import { authenticate } from '../flow/gateway.ts'
import type { Problem } from '../http/problem.ts'

/** `GET /whoami`: for a key of any scope, so it authenticates by itself. */
export async function getIdentity({ services, headers }: Call): Promise<Reply | { readonly problem: Problem }> {
  const { authorization } = headers
  const principal = await authenticate(services, typeof authorization === 'string' ? authorization : undefined)
  if ('status' in principal) return { problem: principal }
  const { id, tenant, scopes } = principal
  return { status: 200, body: { principal: id, tenant, scopes } }
}
