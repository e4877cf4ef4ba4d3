/** What a client calls an artifact: `sha256:...`, `name@1.2.0`, or a bare name for its newest version. */
export type Reference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
  | { readonly kind: 'newest'; readonly name: string }

export function parseReference(text: string): Reference {
  if (text.startsWith('sha256:')) return { kind: 'id', id: text }
  const at = text.indexOf('@')
  return at < 0
    ? { kind: 'newest', name: text }
    : { kind: 'version', name: text.slice(0, at), version: text.slice(at + 1) }
}

/** The newest of versions by SemVer precedence; a pre-release only when there is no release. */
export function newestVersion(versions: readonly string[]): string | undefined {
  const releases = versions.filter((version) => !version.includes('-'))
  return (releases.length > 0 ? releases : [...versions]).sort(compareVersions).at(-1)
}

/** Precedence of two valid versions, https://semver.org/#spec-item-11; negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [splitVersion(a), splitVersion(b)]
  const core = compareLists(left.core, right.core)
  if (core !== 0) return core
  // A release follows all its pre-releases.
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length
  return compareLists(left.pre, right.pre)
}

function splitVersion(version: string): { core: string[]; pre: string[] } {
  const dash = version.indexOf('-')
  return dash < 0
    ? { core: version.split('.'), pre: [] }
    : { core: version.slice(0, dash).split('.'), pre: version.slice(dash + 1).split('.') }
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i]
    if (right === undefined) return 1
    const order = compareIdentifiers(left, right)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Numbers by size and before words; words by code unit. Numbers may exceed 2^53, so they are compared as digits. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
  if (isNumberA && a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
