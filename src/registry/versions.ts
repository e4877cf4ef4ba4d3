import { compareVersions, fitsRange, isPreRelease, parseRange, type VersionRange } from '../base/index.ts'
import { isProgramVersion } from '../document/index.ts'

/**
 * What a client calls an artifact: `sha256:...`, `name@1.2.0`, a range as `name@^1.2` or `name@1` for the newest version in
 * it, or a bare name for its newest version. What is none of these names nothing.
 */
export type Reference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
  | { readonly kind: 'range'; readonly name: string; readonly range: VersionRange | undefined }

export function parseReference(text: string): Reference | undefined {
  if (text.startsWith('sha256:')) return { kind: 'id', id: text }
  const at = text.indexOf('@')
  if (at < 0) return { kind: 'range', name: text, range: undefined }
  const [name, version] = [text.slice(0, at), text.slice(at + 1)]
  if (isProgramVersion(version)) return { kind: 'version', name, version }
  const range = version === '' ? undefined : parseRange(version)
  return range && { kind: 'range', name, range }
}

/** Versions from the newest on: those of a range; without one all releases, and pre-releases only when there is no release. */
export function newestFirst(versions: readonly string[], range?: VersionRange): readonly string[] {
  const releases = versions.filter((version) => !isPreRelease(version))
  const fitting = range
    ? versions.filter((version) => fitsRange(range, version))
    : releases.length > 0
      ? releases
      : versions
  return fitting.toSorted((a, b) => compareVersions(b, a))
}

/**
 * The version that a new one is compared with: the newest one before it or, where there is none before it, the oldest one
 * of all; undefined when it is the first.
 */
export function predecessorOf(version: string, versions: readonly string[]): string | undefined {
  const others = versions.filter((other) => other !== version).toSorted(compareVersions)
  return others.findLast((other) => compareVersions(other, version) < 0) ?? others[0]
}
