import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

export { CapabilityError, EffectError } from 'anrf:effects'

export type Decision = { approved: boolean; by: string; note: string }

/** Asks a person. The run is suspended until there is a decision, however long that takes. */
export async function requestApproval(title: string, details: unknown = null): Promise<Decision> {
  const decision = valueOf(await effect('approvals.request', JSON.stringify({ title, details })))
  return { approved: decision.approved === true, by: String(decision.by), note: String(decision.note) }
}
