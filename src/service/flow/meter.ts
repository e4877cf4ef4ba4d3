import { known, type Flow, type Step } from './flow.ts'
import type { Subject } from '../quotas/meter.ts'

/** Whether the quotas of who asks, of the tenant and of the program have room for one more execution. */
export const takeQuota: Step = (flow) => flow.call.services.meter.takeExecution(subjectOf(flow))

/** Takes what the run has used from the quotas of fuel, also when it failed: the work was done. */
export const spendFuel: Step = async (flow) => {
  await flow.call.services.meter.spendFuel(subjectOf(flow), known(flow.report).usage.fuel)
  return undefined
}

/** All versions of a program are one. */
export function subjectOf({ call, loaded }: Flow): Required<Subject> {
  const { name, id } = known(loaded).artifact
  return { principal: known(call.principal), program: name ?? id }
}
