import { EffectFailure } from '../failure.ts'

/** A path of a program: the name of a granted folder and what is below it, empty for the folder itself. */
export type FilePath = { readonly name: string; readonly parts: readonly string[] }

const NAME_BYTES_MAX = 255
/** What is written stands under such a name until it is whole. Programs do not see these names. */
const UNFINISHED = /^\.anrf-.*\.tmp$/

export const unfinishedName = (id: string): string => `.anrf-${id}.tmp`
export const isUnfinished = (name: string): boolean => UNFINISHED.test(name)

/** Reads `NAME/rest`. Each part names something in its folder and nothing else. Throws a failure. */
export function parsePath(path: string): FilePath {
  const [name, ...parts] = path.split('/')
  if (!name) throw wrong(path, 'a path begins with the name of a granted folder')
  for (const part of [name, ...parts]) {
    if (part === '' || part === '.' || part === '..') throw wrong(path, 'every part of a path is a name')
    // A backslash separates on other systems; a lone surrogate cannot stand in UTF-8.
    if (/[\0\\]/.test(part) || !part.isWellFormed()) throw wrong(path, 'a name has no NUL, backslash or lone surrogate')
    if (Buffer.byteLength(part) > NAME_BYTES_MAX) throw wrong(path, `a name has at most ${NAME_BYTES_MAX} bytes`)
  }
  if (parts.some(isUnfinished)) throw wrong(path, 'names of this form are kept for files that are being written')
  return { name, parts }
}

const wrong = (path: string, why: string): EffectFailure =>
  new EffectFailure('arguments', `files: ${JSON.stringify(path.slice(0, 200))}: ${why}`)
