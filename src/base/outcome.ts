import type { Diagnostic } from './diagnostic.ts'
import type { LimitName } from './limits.ts'
import type { Location } from './span.ts'
import type { Encoded } from './encoded.ts'

/** One frame of a stack trace, innermost first. */
export type Frame = { readonly function: string; readonly location?: Location }

/**
 * Traps: failures that the program cannot catch because Node would not have failed there, or
 * not in this way. Each engine names a trap only through this table, so their texts are equal.
 */
export const TRAPS = {
  'index-out-of-bounds': 'a missing array element was read where the program has no place for undefined',
  'type-mismatch': 'a value is not of the kind that the program declares here',
  'uninitialized-field': 'a field was read before the constructor gave it a value',
  'inherited-property': 'an object was asked for a property that it has from Object.prototype only',
  'unsettled-promise': 'what the entry gave or the top level awaits can never settle',
  'unsupported-pattern':
    'a regular expression uses what this version has not: properties of strings, a change of the flag i, the flag d',
  unreachable: 'code that the compiler proved unreachable was reached',
} as const

export type TrapName = keyof typeof TRAPS

/**
 * How a run ended: the closed union that every engine, the worker and the service use.
 * Bad programs give diagnostics, failed runs give outcomes, our own defects throw.
 */
export type Outcome =
  | { readonly kind: 'returned'; readonly value: Encoded }
  | {
      readonly kind: 'threw'
      readonly error: { readonly name: string; readonly message: string; readonly value: Encoded }
      readonly stack: readonly Frame[]
    }
  | { readonly kind: 'trapped'; readonly trap: TrapName; readonly message: string; readonly stack: readonly Frame[] }
  | { readonly kind: 'limited'; readonly limit: LimitName; readonly message: string; readonly stack: readonly Frame[] }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  /** Not an end: the run goes on, in any process, when one of the calls that it waits for has an answer. */
  | { readonly kind: 'suspended'; readonly message: string; readonly waitsFor: readonly Pending[] }
  | { readonly kind: 'cancelled'; readonly message: string }
  | { readonly kind: 'crashed'; readonly message: string }
  /** It had not begun at the time that its caller set, and never will. */
  | { readonly kind: 'expired'; readonly message: string }

/** A call of an effect that has no answer yet. */
export type Pending = { readonly sequence: number; readonly name: string; readonly args: Encoded }

export type OutcomeKind = Outcome['kind']

/** What a run used. `fuel` and `allocatedBytes` are equal in every mode; times are of this run. */
export type Usage = {
  readonly fuel: number
  readonly allocatedBytes: number
  readonly depthMax: number
  readonly logBytes: number
  readonly wallMs: number
}

/** What an execution used: what the engine counted, and what its process and its effects took. */
export type ExecutionUsage = Usage & {
  /** Processor time of the worker process in ms. */
  readonly cpuMs: number
  /** The most memory beyond that of the idle worker that was seen in use, in bytes: looked at as allocation grows and at the end. */
  readonly peakBytes: number
  /** Calls of effects. */
  readonly effects: number
  /** What effects brought in and took out, in bytes. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** What programs used that it called and that have answered or were given up, with those that these called: beside its own. */
  readonly nestedFuel: number
  readonly nestedAllocatedBytes: number
  readonly nestedEffects: number
  /** Bytes in both directions. */
  readonly nestedBytes: number
}
