import { formatWithOptions } from 'node:util'

/**
 * One call of `console.log` as text, without the line end: exactly what Node prints for plain host values.
 * A format string (`%d` and the like) in first place counts, as in Node.
 */
export function formatLog(values: readonly unknown[]): string {
  return formatWithOptions({ colors: false }, ...values)
}
