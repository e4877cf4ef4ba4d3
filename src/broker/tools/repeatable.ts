import { isRepeatable, TOOL, type EffectCall } from '../../effects/index.ts'
import type { Tools } from './tool.ts'

/** Whether a call may be done again of which nobody knows whether it was done: of tools their description says so. */
export function repeatableWith(tools: Tools): (call: EffectCall) => boolean {
  return (call) => {
    if (!call.name.startsWith(TOOL.prefix)) return isRepeatable(call)
    const dot = call.name.indexOf('.')
    const operations = tools.get(call.name.slice(TOOL.prefix.length, dot))?.description.operations ?? {}
    const operation = call.name.slice(dot + 1)
    return Object.hasOwn(operations, operation) && operations[operation]?.repeatable === true
  }
}
