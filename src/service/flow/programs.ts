import { LIMITS, type Limits, type Outcome } from '../../base/index.ts'
import type { ProgramCall, ProgramEnd, Programs } from '../../broker/index.ts'
import { NO_AMOUNTS, type Amounts } from '../../effects/index.ts'
import { known, type ExecuteBody, type Flow, type Inside } from './flow.ts'

/** How a program calls others: each call is an execution of its own, for the same principal, with a record and within the limits of its caller. */
export function programsOf(flow: Flow): Programs {
  const { registry } = flow.call.services
  const { tenant } = known(flow.call.principal)
  return {
    depth: flow.depth,
    find: async (reference) => {
      const artifact = await registry.resolve(tenant, reference)
      if (!artifact) return undefined
      const { id, name, version } = artifact
      return { id, ...(name !== undefined && { name }), ...(version !== undefined && { version }) }
    },
    call: (call, signal) => callProgram(flow, call, signal),
  }
}

async function callProgram(flow: Flow, call: ProgramCall, signal: AbortSignal): Promise<ProgramEnd> {
  const { id, entry, inputs, depth, key, account } = call
  const body: ExecuteBody = { inputs, ...(entry !== null && { entry }) }
  const span = flow.effectSpans.get(key) ?? flow.span
  const inside = { ...flow.call, body, query: { ...flow.call.query, mode: flow.mode }, signal, span }
  const end = await flow.executeInside(inside, id, depth, { limits: limitsFor(flow, call), account })
  flow.nestedCpuMs = (flow.nestedCpuMs ?? 0) + end.cpuMs
  const used = usedBy(end)
  return { outcome: end.outcome, ...(used && { used }) }
}

/** At most what its caller has left of what counts up, and what its caller has of the rest. */
function limitsFor(flow: Flow, { grant: { fuel, allocation, effects }, account }: ProgramCall): Partial<Limits> {
  const { wall, cpu, memory, depth, output, logs } = known(flow.limits)
  const ranMs = performance.now() - (flow.ranMs ?? performance.now())
  return {
    fuel,
    allocation,
    effects,
    io: account.left,
    wall: Math.floor(wall - ranMs),
    cpu: Math.floor(cpu - (flow.nestedCpuMs ?? 0)),
    memory,
    depth,
    output,
    logs,
  }
}

/** What it used with those that it called; undefined when its worker ended without saying so. */
function usedBy({ report }: Inside): Amounts | undefined {
  if (!report) return NO_AMOUNTS
  const { usage, outcome } = report
  if (!isTold(outcome)) return undefined
  return {
    fuel: usage.fuel + usage.nestedFuel,
    allocation: usage.allocatedBytes + usage.nestedAllocatedBytes,
    effects: usage.effects + usage.nestedEffects,
  }
}

/** Whether the engine ended the run, and not somebody the process that it was in, as the memory of that may be the reason for. */
function isTold(outcome: Outcome): boolean {
  if (outcome.kind === 'limited') return LIMITS[outcome.limit].enforcedBy === 'engine' && outcome.limit !== 'memory'
  return (
    outcome.kind === 'returned' || outcome.kind === 'threw' || outcome.kind === 'trapped' || outcome.kind === 'refused'
  )
}
