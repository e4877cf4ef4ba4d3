// Versions by SemVer 2.0.0 and ranges of them as npm reads them (node-semver). Numbers may exceed 2^53, so they are bigints.

type Core = readonly [major: bigint, minor: bigint, patch: bigint]

/** A version taken apart. Build metadata takes no part in precedence and is dropped (SemVer 2.0.0, section 10). */
type Version = { readonly core: Core; readonly pre: readonly string[] }

type Comparator = { readonly operator: '<' | '<=' | '>' | '>=' | '='; readonly version: Version }

/** Alternatives, of which one must hold; each is a list of comparators, which all must hold. */
export type VersionRange = readonly (readonly Comparator[])[]

/** A range longer than this is refused. */
const RANGE_LENGTH_MAX = 256

const NUMBER = '(?:0|[1-9]\\d*)'
const IDENTIFIERS = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)(?:\\.(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*))*`
const BUILD = '(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?'
const VERSION = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${IDENTIFIERS}))?${BUILD}$`)
const X = `${NUMBER}|[xX*]`
// Behind a part that is left open no number says anything: `x.1` is refused.
// npm passes over a `v`, as tags of version control have it.
const PARTIAL = `v?(?!(?:\\d+\\.)*[xX*][.\\d]*\\d)(${X})(?:\\.(${X})(?:\\.(${X})(?:-(${IDENTIFIERS}))?${BUILD})?)?`
const COMPARATOR = new RegExp(`^(~>|[~^]|[<>]=?|=)?${PARTIAL}$`)
const HYPHEN = new RegExp(`^(\\S+)\\s+-\\s+(\\S+)$`)

/** Negative when `a` is older, positive when it is newer; both must be versions (SemVer 2.0.0, section 11). */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  if (!left || !right) throw new Error(`${left ? b : a} is not a version`)
  return compare(left, right)
}

export const isPreRelease = (version: string): boolean => (parseVersion(version)?.pre.length ?? 0) > 0

/** Whether a version lies in a range. A pre-release does only where the range names one of the same major, minor and patch. */
export function fitsRange(range: VersionRange, version: string): boolean {
  const parsed = parseVersion(version)
  return parsed !== undefined && range.some((all) => fitsAll(all, parsed))
}

function fitsAll(all: readonly Comparator[], version: Version): boolean {
  if (!all.every((one) => holds(one, version))) return false
  if (version.pre.length === 0) return true
  return all.some((one) => one.version.pre.length > 0 && compareCores(one.version.core, version.core) === 0)
}

function holds({ operator, version }: Comparator, given: Version): boolean {
  const order = compare(given, version)
  if (operator === '=') return order === 0
  if (order === 0) return operator.endsWith('=')
  return operator.startsWith('<') ? order < 0 : order > 0
}

/** The range of a text such as `^1.2`, `1`, `v1.2`, `~1.2.3`, `>=1.2 <2`, `1.x || 3`, `1 - 2.3`, `*`; undefined when it is none. */
export function parseRange(text: string): VersionRange | undefined {
  if (text.length > RANGE_LENGTH_MAX) return undefined
  const parts = text.split('||').map((part) => parseAlternative(part.trim()))
  if (!parts.every((part) => part !== undefined)) return undefined
  // As npm has it, beside everything no other alternative counts, so that none lets pre-releases in.
  return parts.some((part) => part.every(isTrivial)) ? [[]] : parts
}

/** At least 0.0.0. */
const isTrivial = ({ operator, version: { core, pre } }: Comparator): boolean =>
  operator === '>=' && pre.length === 0 && core.every((part) => part === 0n)

function parseAlternative(text: string): readonly Comparator[] | undefined {
  const [, from, to] = HYPHEN.exec(text) ?? []
  if (from !== undefined && to !== undefined) return parseHyphen(from, to)
  if (text === '') return []
  const words = text.replaceAll(/(~>|[~^]|[<>]=?|=)\s+/g, '$1').split(/\s+/)
  const parsed = words.map(parseComparator)
  return parsed.every((one) => one !== undefined) ? parsed.flat() : undefined
}

/** A version of which parts may be missing or `x`. What follows a missing part is missing too. */
type Partial = {
  readonly major: bigint | undefined
  readonly minor: bigint | undefined
  readonly patch: bigint | undefined
  readonly pre: readonly string[]
}

function parseComparator(word: string): readonly Comparator[] | undefined {
  const match = COMPARATOR.exec(word)
  if (!match) return undefined
  const given = partialOf(match.slice(2))
  const operator = match[1] ?? ''
  if (operator === '^') return caret(given)
  if (operator === '~' || operator === '~>') return tilde(given)
  if (operator === '' || operator === '=') return exactly(given)
  return bounded(operator as '<' | '<=' | '>' | '>=', given)
}

function partialOf([major, minor, patch, pre]: readonly (string | undefined)[]): Partial {
  const number = (text: string | undefined): bigint | undefined =>
    text === undefined || /^[xX*]$/.test(text) ? undefined : BigInt(text)
  const first = number(major)
  const second = first === undefined ? undefined : number(minor)
  const third = second === undefined ? undefined : number(patch)
  return { major: first, minor: second, patch: third, pre: third === undefined ? [] : (pre?.split('.') ?? []) }
}

const least = ({ major = 0n, minor = 0n, patch = 0n, pre }: Partial): Comparator => ({
  operator: '>=',
  version: { core: [major, minor, patch], pre },
})

/** Below a version and all its pre-releases: `-0` comes before every other one. */
const below = (...core: Core): Comparator => ({ operator: '<', version: { core, pre: ['0'] } })

const NOTHING: readonly Comparator[] = [below(0n, 0n, 0n)]

function caret(given: Partial): readonly Comparator[] {
  const { major, minor, patch } = given
  if (major === undefined) return []
  if (minor === undefined || major > 0n) return [least(given), below(major + 1n, 0n, 0n)]
  if (patch === undefined || minor > 0n) return [least(given), below(0n, minor + 1n, 0n)]
  return [least(given), below(0n, 0n, patch + 1n)]
}

function tilde(given: Partial): readonly Comparator[] {
  const { major, minor } = given
  if (major === undefined) return []
  return [least(given), minor === undefined ? below(major + 1n, 0n, 0n) : below(major, minor + 1n, 0n)]
}

function exactly(given: Partial): readonly Comparator[] {
  if (given.patch === undefined) return tilde(given)
  return [{ operator: '=', version: least(given).version }]
}

function bounded(operator: '<' | '<=' | '>' | '>=', given: Partial): readonly Comparator[] {
  const { major, minor, patch } = given
  const isUpper = operator.startsWith('<')
  // Above or below everything is nothing; at least or at most anything is everything.
  if (major === undefined) return operator.endsWith('=') ? [] : NOTHING
  if (patch !== undefined) return [{ operator, version: least(given).version }]
  // The first version behind all that the partial one stands for.
  const behind: Core = minor === undefined ? [major + 1n, 0n, 0n] : [major, minor + 1n, 0n]
  if (operator === '<=') return [below(...behind)]
  if (operator === '>') return [{ operator: '>=', version: { core: behind, pre: [] } }]
  return isUpper ? [below(major, minor ?? 0n, 0n)] : [least(given)]
}

function parseHyphen(from: string, to: string): readonly Comparator[] | undefined {
  const [low, high] = [from, to].map((text) => new RegExp(`^${PARTIAL}$`).exec(text))
  if (!low || !high) return undefined
  const first = partialOf(low.slice(1))
  return [...(first.major === undefined ? [] : [least(first)]), ...bounded('<=', partialOf(high.slice(1)))]
}

function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, pre] = VERSION.exec(text) ?? []
  if (major === undefined || minor === undefined || patch === undefined) return undefined
  return { core: [BigInt(major), BigInt(minor), BigInt(patch)], pre: pre?.split('.') ?? [] }
}

function compare(a: Version, b: Version): number {
  const core = compareCores(a.core, b.core)
  if (core !== 0) return core
  // A release follows all its pre-releases.
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length
  for (const [i, left] of a.pre.entries()) {
    const right = b.pre[i]
    if (right === undefined) return 1
    const order = compareIdentifiers(left, right)
    if (order !== 0) return order
  }
  return a.pre.length - b.pre.length
}

function compareCores(a: Core, b: Core): number {
  const at = a.findIndex((part, i) => part !== b[i])
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
}

/** Numbers by size and before words; words by code unit. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
  if (isNumberA && a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
