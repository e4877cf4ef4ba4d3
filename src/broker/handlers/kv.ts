import { canonicalJson } from '../../document/index.ts'
import type { CallContext, Json, KvSpace } from '../context.ts'
import { requireGrant } from '../context.ts'
import { EffectFailure } from '../failure.ts'
import { openSpace, type Space } from '../kv.ts'
import type { Handlers } from './handler.ts'

export const KV: Handlers['kv'] = {
  async get({ key }, context) {
    const text = await spaceOf(context, key).read(key)
    return text === undefined ? { found: false, value: null } : { found: true, value: JSON.parse(text) as Json }
  },
  async set({ key, value }, context) {
    await spaceOf(context, key).write(key, () => JSON.stringify(value))
    return null
  },
  async delete({ key }, context) {
    return { found: await spaceOf(context, key).remove(key) }
  },
  async list({ prefix, after, limit }, context) {
    return { keys: await spaceOf(context, prefix, after).list(prefix, after, limit) }
  },
  async compareAndSet({ key, expected, value }, context) {
    const wanted = expected && canonicalJson(expected.value)
    const isExpected = (text: string | undefined): boolean =>
      text === undefined ? wanted === null : wanted === canonicalJson(JSON.parse(text))
    const done = await spaceOf(context, key).write(key, (text) =>
      isExpected(text) ? JSON.stringify(value) : undefined,
    )
    return { done }
  },
}

function spaceOf(context: CallContext, ...keys: readonly string[]): Space {
  requireGrant(context, { kind: 'kv' })
  const space: KvSpace | undefined = context.host.kv
  if (!space) throw new EffectFailure('unavailable', 'this host keeps no values')
  // What the database cannot tell apart would not come back as it was given.
  if (!keys.every((key) => key.isWellFormed() && !key.includes('\0')))
    throw new EffectFailure('arguments', 'kv: a key is Unicode text without NUL')
  return openSpace(space)
}
