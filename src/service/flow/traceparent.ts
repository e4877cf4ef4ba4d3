import { writeTraceparent } from '../../telemetry/index.ts'
import type { Flow } from './flow.ts'

/** The `traceparent` of a call to a host that the operator named; to all others no call says which trace it belongs to. */
export function traceparentFor(flow: Flow, hostname: string, key: string): string | undefined {
  const { traceHosts } = flow.call.services.config
  if (!traceHosts.some((pattern) => isMeant(pattern, hostname.toLowerCase()))) return undefined
  const context = (flow.effectSpans.get(key) ?? flow.span).context
  return context && writeTraceparent(context)
}

function isMeant(pattern: string, hostname: string): boolean {
  if (pattern === '*') return true
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern
}
