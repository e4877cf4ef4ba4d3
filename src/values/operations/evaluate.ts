import type { OpRow } from '../../ir/index.ts'
import { Thrown } from '../failure.ts'
import type { HostOperation } from '../host.ts'

/**
 * The `eval` of a row as an operation. What it throws becomes an Error of the program if the row
 * says that it may throw it; anything else is a defect of ours.
 */
export function evaluate(row: OpRow & { readonly eval: NonNullable<OpRow['eval']> }): HostOperation {
  const meaning = row.eval
  const throws: readonly string[] = row.throws ?? []
  if (throws.length === 0) return meaning as HostOperation
  return (a, b, c, d, _site, host) => {
    try {
      return meaning(a, b, c, d)
    } catch (error) {
      if (error instanceof Error && throws.includes(error.name) && !isStackOverflow(error))
        throw new Thrown(host.newError(error.name, error.message))
      throw error
    }
  }
}

/** The stack of the host is used up, which says nothing about the program. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded'
}
