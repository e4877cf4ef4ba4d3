import { recordEvent } from '../../audit/index.ts'
import type { Call, Reply } from '../context.ts'
import { deedOf } from '../deeds.ts'
import { known } from '../flow/flow.ts'
import { endKey, insertKey, listKeys, type Scope } from '../keys.ts'
import { problem, type Problem } from '../problem.ts'

/** `POST /keys`: the only time that the key's text is given. */
export async function postKey(call: Call<{ label: string; scopes: Scope[] }>): Promise<Reply> {
  const { label, scopes } = call.body
  const made = await call.services.store.sql.tx(async (query) => {
    const key = await insertKey(query, label, scopes)
    await recordEvent(query, deedOf(call, key.id, { label, scopes }))
    return key
  })
  return { status: 201, body: made }
}

/** `GET /keys` */
export async function getKeys({ services }: Call): Promise<Reply> {
  return { status: 200, body: { keys: await listKeys(services.store.sql) } }
}

/** `DELETE /keys/{id}` */
export async function deleteKey(call: Call): Promise<Reply | { readonly problem: Problem }> {
  const id = known(call.params['id'])
  const isEnded = await call.services.store.sql.tx(async (query) => {
    const wasValid = await endKey(query, id)
    if (wasValid) await recordEvent(query, deedOf(call, id))
    return wasValid
  })
  if (isEnded) return { status: 204, body: undefined }
  return { problem: problem('ANRF5003', `there is no valid key ${JSON.stringify(id)}`) }
}
