import type { OpRow } from '../../ir/index.ts'
import type { Operation } from '../operation.ts'
import { Thrown } from '../failure.ts'

/**
 * The `eval` of a row as an operation. What it throws becomes an Error of the program if the row
 * says that it may throw it; anything else is a defect of ours.
 */
export function evaluate(row: OpRow & { readonly eval: NonNullable<OpRow['eval']> }): Operation {
  const meaning = row.eval
  const throws: readonly string[] = row.throws ?? []
  if (throws.length === 0) return meaning as Operation
  return (a, b, c, d, _site, machine) => {
    try {
      return meaning(a, b, c, d)
    } catch (error) {
      if (error instanceof Error && throws.includes(error.name))
        throw new Thrown(machine.newError(error.name, error.message))
      throw error
    }
  }
}
