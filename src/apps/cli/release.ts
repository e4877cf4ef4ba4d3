import { isProgramName, isProgramVersion, programNameOf } from '../../document/index.ts'
import { textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import type { Release } from './program-file.ts'
import { UsageError } from './terminal.ts'

/**
 * The name and version that a document made from source gets. Without `--name` it is the name of the file, not of its
 * folder: the same source must give the same document anywhere.
 */
export function readRelease(options: Options, path: string): Release {
  const name = textOption(options, 'name') ?? programNameOf(path)
  const version = textOption(options, 'release') ?? '1.0.0'
  if (!isProgramName(name)) {
    throw new UsageError(`${name} is no program name: letters, digits and single . _ - between them`)
  }
  if (!isProgramVersion(version))
    throw new UsageError(`${version} is no version like 1.2.0 (SemVer 2.0 without build metadata)`)
  return { name, version }
}
