import type { Module } from '../ir/index.ts'
import type { Found } from './operations/regex.ts'
import type { ErrorInstance } from './value.ts'

/** What work on values may ask of the run that it is done for. */
export type ValueHost = {
  readonly module: Module
  /** An Error of a built-in kind, with the trace of this moment. */
  newError(kind: string, message: string, def?: number): ErrorInstance
  /** Ends the run when an operation asks for more than the memory limit at once. */
  requireMemory(bytes: number): void
  /** Fuel that the run may still use. */
  fuelLeft(): number
  /** Charges for work that was done; ends the run when a limit is reached. */
  spend(fuel: number, bytes: number): void
  /** What the last search by a regular expression found. */
  readonly found: Found
}

/**
 * The meaning of an operation on values of the host. Called with its operands padded to four, what an engine knows of the
 * place, and the run.
 */
export type HostOperation = (a: never, b: never, c: never, d: never, site: unknown, host: ValueHost) => unknown
