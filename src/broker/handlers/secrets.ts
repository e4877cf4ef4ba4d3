import { requireGrant } from '../context.ts'
import { EffectFailure } from '../failure.ts'
import type { Handlers } from './handler.ts'

export const SECRETS: Handlers['secrets'] = {
  async use({ name }, context) {
    requireGrant(context, { kind: 'secrets', name })
    const placeholder = context.secrets.placeholder(name)
    if (placeholder === undefined) throw new EffectFailure('unavailable', `this host has no secret ${name}`)
    return placeholder
  },
}
