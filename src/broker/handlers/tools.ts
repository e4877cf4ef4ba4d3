import { underSignals } from '../abort.ts'
import { requireGrant, type CallContext, type Json } from '../context.ts'
import { EffectFailure } from '../failure.ts'
import { givenUp } from '../tools/command.ts'
import type { BoundOperation } from '../tools/tool.ts'

/** Answers a call of an operation of a tool: its input and its output are checked against their schemas. */
export async function callTool(tool: string, operation: string, input: Json, context: CallContext): Promise<Json> {
  const name = `tool:${tool}.${operation}`
  requireGrant(context, { kind: 'tool', name: tool, operation })
  const bound = context.host.tools?.get(tool)?.operations.get(operation)
  if (!bound) throw new EffectFailure('unavailable', `this host has no ${name}`)
  const misfit = bound.checkInput(input)
  if (misfit !== undefined) throw new EffectFailure('arguments', `${name}: the input does not fit: ${misfit}`)
  const output = await runBounded(bound, input, name, context)
  const defect = bound.checkOutput(output)
  if (defect !== undefined) throw new EffectFailure('failed', `${name}: the output does not fit its schema: ${defect}`)
  return output
}

function runBounded(
  { run, timeoutMs }: BoundOperation,
  input: Json,
  name: string,
  context: CallContext,
): Promise<Json> {
  const { key, meter, host, secrets } = context
  return underSignals([context.signal], timeoutMs, async (signal) => {
    const aborted = Promise.withResolvers<never>()
    signal.addEventListener('abort', () => aborted.reject(givenUp({ name, signal })))
    // A function of an embedding program may never look at the signal.
    const output = await Promise.race([run(input, { key, meter, host, secrets, signal, name }), aborted.promise])
    // As it will be read: what JSON cannot hold does not come through.
    return JSON.parse(secrets.redactText(JSON.stringify(output) ?? 'null')) as Json
  })
}
