import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { UsageError } from './terminal.ts'
import { reasonOf } from './arguments.ts'

/** A program as the compiler sees it: paths are relative to its root, with `/`. */
export type SourceFiles = {
  readonly main: string
  /** The folder that holds everything, absolute. */
  readonly root: string
  readonly read: (path: string) => string | undefined
}

/** Relative specifiers of imports and re-exports. Comments may match too: that only widens the root. */
const SPECIFIERS = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.\.?\/[^"'\n]*|\.\.?)["']/g

/**
 * Opens the program whose main file is at `path` (absolute). Its root is the deepest folder that holds every file that
 * its relative imports reach, so that the document does not depend on where the command was started. A program below
 * `fence` (the current folder) never reaches above it. Throws {@link UsageError} when the main file cannot be read.
 */
export function openSourceFiles(path: string, fence: string): SourceFiles {
  const texts = new Map<string, string | undefined>()
  const readAt = (at: string): string | undefined => {
    if (!texts.has(at)) texts.set(at, readText(at))
    return texts.get(at)
  }
  if (readAt(path) === undefined) throw new UsageError(`cannot read ${relative(fence, path)}: ${whyUnreadable(path)}`)
  const reached = reachableFiles(path, readAt)
  const root = commonFolder(reached.filter((file) => isBelow(file, fence) || !isBelow(path, fence)))
  const toProgram = (file: string): string => relative(root, file).split(sep).join('/')
  return {
    main: toProgram(path),
    root,
    read: (asked) => {
      const file = resolve(root, asked)
      return isBelow(file, root) ? readAt(file) : undefined
    },
  }
}

/** The files that imports reach, and a name in each folder that they pass through at their highest. */
function reachableFiles(main: string, readAt: (path: string) => string | undefined): string[] {
  const reached = new Set([main])
  const tops = new Set<string>()
  for (const file of reached) {
    for (const [, specifier] of (readAt(file) ?? '').matchAll(SPECIFIERS)) {
      const target = resolveImport(resolve(dirname(file), specifier!))
      if (target === undefined) continue
      reached.add(target)
      // `../../map/x` may come back to where it started: the folder at the top of its way must be in the program too.
      const up = /^(?:\.\.?(?:\/|$))*/.exec(specifier!)![0]
      tops.add(join(resolve(dirname(file), up), 'top'))
    }
  }
  return [...reached, ...tops]
}

/** The file that a specifier stands for, tried in the order of the compiler: as it is, with an extension, as a folder. */
function resolveImport(path: string): string | undefined {
  const bare = path.replace(/\.(js|ts)$/, '')
  return [`${bare}.ts`, path, `${path}.ts`, join(path, 'index.ts')].find(
    (file) => file.endsWith('.ts') && existsSync(file),
  )
}

function commonFolder(files: readonly string[]): string {
  let common = dirname(files[0]!)
  for (const file of files) while (!isBelow(file, common)) common = dirname(common)
  return common
}

const isBelow = (file: string, folder: string): boolean => file.startsWith(folder.endsWith(sep) ? folder : folder + sep)

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function whyUnreadable(path: string): string {
  try {
    return statSync(path).isFile() ? 'no permission' : 'it is a folder'
  } catch (error) {
    return reasonOf(error)
  }
}
