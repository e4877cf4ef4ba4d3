import type { Call, Reply } from '../context.ts'
import { known } from '../flow/flow.ts'
import { createKey, listKeys, revokeKey, type Scope } from '../keys.ts'
import { problem, type Problem } from '../problem.ts'

/** `POST /keys`: the only time that the key's text is given. */
export async function postKey(call: Call<{ label: string; scopes: Scope[] }>): Promise<Reply> {
  const { label, scopes } = call.body
  return { status: 201, body: await createKey(call.services.store.sql, label, scopes) }
}

/** `GET /keys` */
export async function getKeys({ services }: Call): Promise<Reply> {
  return { status: 200, body: { keys: await listKeys(services.store.sql) } }
}

/** `DELETE /keys/{id}` */
export async function deleteKey({ services, params }: Call): Promise<Reply | { readonly problem: Problem }> {
  const id = known(params['id'])
  if (await revokeKey(services.store.sql, id)) return { status: 204, body: undefined }
  return { problem: problem('ANRF5003', `there is no valid key ${JSON.stringify(id)}`) }
}
