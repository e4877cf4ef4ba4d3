import { requireGrant } from '../context.ts'
import { EffectFailure, Suspended } from '../failure.ts'
import type { Handlers } from './handler.ts'

export const APPROVALS: Handlers['approvals'] = {
  async request(_, context) {
    requireGrant(context, { kind: 'approvals' })
    const { host, sequence } = context
    if (!host.findApproval) throw new EffectFailure('unavailable', 'this host has nobody who could be asked')
    const decision = await host.findApproval(sequence)
    if (!decision) throw new Suspended()
    return { approved: decision.approved, by: decision.by, note: decision.note }
  },
}
