import type { OpName } from '../ir/index.ts'

type CapabilityRow = {
  readonly doc: string
  /** The operation by which a program uses it. */
  readonly op: OpName
  /** What the journal keeps of a use; replay answers from it. */
  readonly journaled: 'nothing' | 'result'
}

/** What a program can ask of the world: the only list. */
export const CAPABILITIES = {
  log: { doc: 'write lines to the log of the execution', op: 'log', journaled: 'nothing' },
} as const satisfies Record<string, CapabilityRow>

export type CapabilityName = keyof typeof CAPABILITIES
