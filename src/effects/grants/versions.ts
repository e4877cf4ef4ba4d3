// Ranges of versions in grants: an exact version, `^` and `~` as node-semver reads them. Pre-releases fit only exactly.

type Core = readonly [number, number, number]

const PART = '(0|[1-9]\\d{0,14})'
const RANGE = new RegExp(`^[~^]${PART}(?:\\.${PART}(?:\\.${PART})?)?$`)
const EXACT = new RegExp(`^${PART}\\.${PART}\\.${PART}(-[0-9A-Za-z.-]+)?$`)

export const isRange = (text: string): boolean => RANGE.test(text) || EXACT.test(text)

export function fitsRange(range: string, version: string): boolean {
  const [, major, minor, patch] = RANGE.exec(range) ?? []
  if (major === undefined) return range === version
  const core = coreOf(version)
  if (!core) return false
  const least: Core = [Number(major), Number(minor ?? 0), Number(patch ?? 0)]
  return (
    compare(core, least) >= 0 && compare(core, ceilingOf(range, least, minor !== undefined, patch !== undefined)) < 0
  )
}

/** The first version above the range: the leftmost part that is not zero stays (`^`), or major and minor do (`~`). */
function ceilingOf(range: string, [major, minor, patch]: Core, hasMinor: boolean, hasPatch: boolean): Core {
  if (!hasMinor) return [major + 1, 0, 0]
  if (range.startsWith('~')) return [major, minor + 1, 0]
  if (major > 0) return [major + 1, 0, 0]
  return minor > 0 || !hasPatch ? [0, minor + 1, 0] : [0, 0, patch + 1]
}

function coreOf(version: string): Core | undefined {
  const [, major, minor, patch, pre] = EXACT.exec(version) ?? []
  return major === undefined || pre !== undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

function compare(a: Core, b: Core): number {
  const at = a.findIndex((part, i) => part !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}
