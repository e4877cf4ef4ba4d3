import type { Programs } from '../../broker/index.ts'
import { known, type ExecuteBody, type Flow } from './flow.ts'

/** How a program calls others: each call is an execution of its own, for the same principal, with a record and limits of its own. */
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
    call: ({ id, entry, inputs, depth, key }, signal) => {
      const body: ExecuteBody = { inputs, ...(entry !== null && { entry }) }
      return flow.executeInside(
        {
          ...flow.call,
          body,
          query: { ...flow.call.query, mode: flow.mode },
          signal,
          span: flow.effectSpans.get(key) ?? flow.span,
        },
        id,
        depth,
      )
    },
  }
}
