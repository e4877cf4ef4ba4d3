import type { Performed, Performer } from '../../journal/index.ts'
import type { Flow } from './flow.ts'

/** A performer whose calls have spans and are counted. What a call says or is told stays out of both. */
export function observedPerformer(performer: Performer, flow: Flow): Performer {
  const { metrics } = flow.call.services.telemetry
  return {
    usage: () => performer.usage(),
    waits: (isWaiting) => performer.waits?.(isWaiting),
    close: () => performer.close?.(),
    perform: async (call, signal, grant) => {
      const startedMs = performance.now()
      const attributes = { 'anrf.effect.name': call.name, 'anrf.effect.sequence': call.sequence }
      const span = flow.span.child(`effect ${call.name}`, attributes, 'client')
      flow.effectSpans.set(`${flow.executionId}:${call.sequence}`, span)
      const performed = await performer.perform(call, signal, grant)
      const result = resultOf(performed)
      if (result !== 'ok') span.fail(result)
      span.end()
      const capability = call.name.slice(0, Math.max(0, call.name.lastIndexOf('.')))
      metrics.record('effectSeconds', [capability, result], (performance.now() - startedMs) / 1000)
      return performed
    },
  }
}

/** `ok`, or the code of the failure, of which there are few. */
function resultOf(performed: Performed): string {
  if (performed.kind !== 'answer') return performed.kind
  return /^\{"error":\{"name":"([a-z-]+)"/.exec(performed.text)?.[1] ?? 'ok'
}
