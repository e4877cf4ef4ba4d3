import type { OpName } from '../ir/index.ts'

type CapabilityRow = {
  readonly doc: string
  /** The operations by which a program uses it. */
  readonly ops: readonly OpName[]
  /** What the journal keeps of a use; replay answers from it. */
  readonly journaled: 'nothing' | 'result'
}

/** What a program can ask of the world: the only list. */
export const CAPABILITIES = {
  clock: { doc: 'read the time', ops: ['clock.now', 'clock.elapsed'], journaled: 'nothing' },
  log: { doc: 'write lines to the log of the execution', ops: ['log'], journaled: 'nothing' },
  random: { doc: 'take random numbers', ops: ['random.next'], journaled: 'nothing' },
} as const satisfies Record<string, CapabilityRow>

export type CapabilityName = keyof typeof CAPABILITIES
