import { problem, type Problem } from '../http/problem.ts'

/**
 * Bounds of a filter in the form in which times are stored and compared (ISO 8601, UTC), or what is wrong: RFC 3339 lets a caller
 * name a leap second, which no clock here has.
 */
export function readTimes<Name extends string>(
  bounds: Readonly<Partial<Record<Name, string | undefined>>>,
): { readonly times: Partial<Record<Name, string>> } | { readonly problem: Problem } {
  const given = Object.entries<string | undefined>(bounds).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  )
  const wrong = given.find(([, text]) => Number.isNaN(Date.parse(text)))
  if (wrong)
    return { problem: problem('ANRF5004', `\`${wrong[0]}\` is no time such as 2026-01-31T12:00:00Z: ${wrong[1]}`) }
  const times = Object.fromEntries(given.map(([name, text]) => [name, new Date(text).toISOString()]))
  return { times: times as Partial<Record<Name, string>> }
}
