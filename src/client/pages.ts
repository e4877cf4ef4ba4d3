import type { CallOptions } from './transport.ts'
import { unwrap, type Result } from './problem.ts'

type Page = Readonly<Record<string, unknown>>
type Query = Readonly<Record<string, string | undefined>>
export type ListOptions = CallOptions & { readonly query?: Query }

/**
 * Everything that a list route has, page by page as it is asked for. `cursor` names the parameter that continues behind a page,
 * whose value is in `next` of the page before. Throws an `AnrfError` where a page is a problem.
 */
export async function* eachOf(
  list: (options: ListOptions) => Promise<Result<unknown>>,
  member: string,
  cursor: string,
  options: ListOptions = {},
): AsyncGenerator {
  let next = options.query?.[cursor]
  for (;;) {
    const page = unwrap(await list({ ...options, query: { ...options.query, [cursor]: next } })) as Page
    yield* page[member] as readonly unknown[]
    if (typeof page['next'] !== 'string' && typeof page['next'] !== 'number') return
    next = String(page['next'])
  }
}
