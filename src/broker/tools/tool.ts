import type { ToolDescription } from '../../effects/index.ts'
import type { CallContext, Json } from '../context.ts'

/** What a tool does with an input that fits its schema; its output has not been checked yet. */
export type ToolRun = (input: Json, call: ToolCall) => Promise<unknown>

export type ToolCall = Pick<CallContext, 'key' | 'meter' | 'host' | 'secrets'> & {
  /** Aborted when the call is given up or takes longer than it may. */
  readonly signal: AbortSignal
  /** The name of the operation, `tool:crm.lookup`, for messages. */
  readonly name: string
}

export type BoundOperation = {
  readonly run: ToolRun
  readonly timeoutMs: number
  /** What is wrong with a value by the schema; undefined when nothing is. */
  readonly checkInput: (value: unknown) => string | undefined
  readonly checkOutput: (value: unknown) => string | undefined
}

/** A tool that is bound to something that does it. */
export type Tool = { readonly description: ToolDescription; readonly operations: ReadonlyMap<string, BoundOperation> }

/** Tools by their names. */
export type Tools = ReadonlyMap<string, Tool>

/** A tool of an embedding program: an input that fits its schema to an output that must fit it too. */
export type ToolFunction = (
  input: Json,
  call: { readonly key: string; readonly signal: AbortSignal },
) => Promise<unknown>
