import { textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import { UsageError } from './terminal.ts'

/** A whole number of at least 1 that an option gives. Throws a {@link UsageError} otherwise. */
export function readCount(options: Options, name: string, unset: number): number {
  const given = textOption(options, name)
  if (given === undefined) return unset
  const value = /^\d{1,9}$/.test(given) ? Number(given) : 0
  if (value < 1) throw new UsageError(`--${name} takes a whole number from 1, not ${given}`)
  return value
}
