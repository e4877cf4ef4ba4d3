import type { Route } from './route.ts'

type Row = Pick<Route, 'action' | 'method' | 'path' | 'scope'>

/** A path of the table, with all that is true of whatever is asked for under it. */
export type KnownPath = {
  readonly path: string
  /** Methods that it has, by whichever route: what `Allow` says. */
  readonly methods: readonly string[]
  /** Whether a route of it needs no key. */
  readonly isOpen: boolean
  /** Of its first route. */
  readonly action: string
}

/** `GET` is `HEAD` too (RFC 9110, section 9.3.2). */
export const methodsOf = ({ method }: Pick<Route, 'method'>): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method]

/** Every path of some routes once. `/policies/explain` has the methods of `/policies/:id` too, since requests find those there. */
export function pathsOf(routes: readonly Row[]): readonly KnownPath[] {
  return [...new Set(routes.map(({ path }) => path))].map((path) => {
    const found = routes.filter((row) => covers(row.path, path))
    return {
      path,
      methods: [...new Set(found.flatMap(methodsOf))],
      isOpen: found.some(({ scope }) => scope === undefined),
      action: found[0]!.action,
    }
  })
}

function covers(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  return wanted.length === given.length && wanted.every((part, i) => part === given[i] || part.startsWith(':'))
}
