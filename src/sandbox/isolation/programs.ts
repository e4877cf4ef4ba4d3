import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where systems keep such programs, PATH or not. */
const FOLDERS: readonly string[] = ['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin']

/** A program by its name, in PATH, or by its whole path. */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) return isExecutable(name) ? name : undefined
  // An empty or relative entry would mean the folder that the user happens to be in.
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  return [...folders, ...FOLDERS].map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
