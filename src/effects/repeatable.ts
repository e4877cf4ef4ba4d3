import { CAPABILITIES, TOOL, type EffectRow } from './capabilities.ts'
import type { EffectCall } from './port.ts'

/** Methods that may be sent twice: RFC 9110 section 9.2.2. */
export const IDEMPOTENT: ReadonlySet<unknown> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Whether a call may be done again of which nobody knows whether it was done. */
export function isRepeatable({ name, args }: Pick<EffectCall, 'name' | 'args'>): boolean {
  return name === 'http.fetch' ? IDEMPOTENT.has(methodOf(args)) : (rowOf(name)?.repeatable ?? false)
}

function rowOf(name: string): EffectRow | undefined {
  if (name.startsWith(TOOL.prefix)) return TOOL.effect
  const [capability = '', operation = ''] = name.split('.')
  const row = (CAPABILITIES as Readonly<Record<string, { readonly effects: Readonly<Record<string, EffectRow>> }>>)[
    capability
  ]
  return row && Object.hasOwn(row.effects, operation) ? row.effects[operation] : undefined
}

function methodOf(args: string): unknown {
  try {
    return (JSON.parse(args) as { readonly method?: unknown } | null)?.method
  } catch {
    return undefined
  }
}
