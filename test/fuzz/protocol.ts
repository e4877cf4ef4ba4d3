import type { Described } from './report.ts'
import type { Tally } from './tally.ts'

/** What programs are made: modules of the IR, TypeScript by a generator, or changed programs of the goldens. */
export const KINDS = ['ir', 'ts', 'mutants'] as const

/** So many seeds one after the other are tried at once: small programs of TypeScript share a file. */
export const SEEDS_AT_ONCE: Readonly<Record<Job['kind'], number>> = { ir: 1, ts: 16, mutants: 1 }

/** What a worker process is to do: every `step`th group of seeds from `first` on, below `end`, until the deadline (as Date.now has it). */
export type Job = {
  readonly kind: (typeof KINDS)[number]
  readonly first: number
  readonly end: number
  readonly step: number
  readonly deadline: number
  /** Names; none means all. */
  readonly engines: readonly string[]
  /** Whether it goes on behind a finding. */
  readonly goesOn: boolean
  /** Whether findings are told as they are found, and not made small. */
  readonly asFound: boolean
  /** Where the worker notes the seed at work. */
  readonly placeFile: string
}

/** What a worker process tells its parent. */
export type Report =
  | { readonly kind: 'tally'; readonly tally: Tally }
  | ({ readonly kind: 'finding' } & Described)
  /** `next`: where another process should go on, when there is more to do. */
  | { readonly kind: 'done'; readonly next?: number }
