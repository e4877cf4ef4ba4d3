import { constants } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { EffectFailure, type FailureCode } from '../failure.ts'

/**
 * An open folder. What is in it is reached through the descriptor, never again by its path: whoever swaps a folder of the
 * path for a link comes too late (as with openat(2), which Node does not have).
 */
export type Folder = {
  /** The path of an entry, which leads through the descriptor. Only its last part is looked up. */
  at(name: string): string
  sync(): Promise<void>
}

const { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY, O_APPEND, O_EXCL } = constants
/** Links are not followed, and nothing waits for the other end of a pipe. */
const SAFELY = O_NOFOLLOW | O_NONBLOCK

export const READ = O_RDONLY | SAFELY
export const APPEND = O_WRONLY | O_APPEND | O_CREAT | SAFELY
export const CREATE = O_WRONLY | O_CREAT | O_EXCL | SAFELY

/** Opens the folder `parts` below `root` (whose own path may lead over links), does the work, and closes it. */
export async function inFolder<T>(
  root: string,
  parts: readonly string[],
  mayCreate: boolean,
  work: (folder: Folder) => Promise<T>,
): Promise<T> {
  if (process.platform !== 'linux') throw new EffectFailure('unavailable', 'files can be had on Linux only')
  let handle = await open(root, O_RDONLY | O_DIRECTORY).catch((error: unknown): never => {
    if (codeOf(error) !== 'ENOENT') throw error
    throw new EffectFailure('not-found', 'files: the folder that was granted is not there')
  })
  try {
    for (const part of parts) {
      const next = await openBelow(handle, part, mayCreate)
      await handle.close()
      handle = next
    }
    const { fd } = handle
    return await work({ at: (name) => entryOf(fd, name), sync: () => handle.sync() })
  } finally {
    await handle.close()
  }
}

/** proc_pid_fd(5): a link of the kernel, which leads to the open folder itself and not to where it once stood. */
const entryOf = (fd: number, name: string): string => `/proc/self/fd/${fd}/${name}`

async function openBelow(folder: FileHandle, name: string, mayCreate: boolean): Promise<FileHandle> {
  const path = entryOf(folder.fd, name)
  const openIt = (): Promise<FileHandle> => open(path, READ | O_DIRECTORY)
  try {
    return await openIt()
  } catch (error) {
    if (!mayCreate || codeOf(error) !== 'ENOENT') throw error
  }
  await mkdir(path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  await folder.sync()
  return openIt()
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** errno(3) as failures. The words are ours: a message of the system would show where folders are. */
const FAULTS: Readonly<Record<string, readonly [FailureCode, string]>> = {
  ENOENT: ['not-found', 'there is no such file or folder'],
  ENOTDIR: ['conflict', 'a part of the path is no folder; links are not followed'],
  ELOOP: ['conflict', 'it is a link, and links are not followed'],
  EISDIR: ['conflict', 'it is a folder'],
  EPERM: ['conflict', 'it is no file that may be changed'],
  ENXIO: ['conflict', 'it is no file'],
  ENODEV: ['conflict', 'it is no file'],
  EACCES: ['failed', 'the system does not permit it'],
  EROFS: ['failed', 'the system does not permit it'],
  ENOSPC: ['quota', 'there is no space left'],
  EDQUOT: ['quota', 'there is no space left'],
  ENAMETOOLONG: ['arguments', 'the path is too long'],
}

/** The failure that an error of the system is to a program; what is no such error, as it is. */
export function fileFailureOf(error: unknown, path: string): unknown {
  const code = codeOf(error)
  if (error instanceof EffectFailure || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error
  const [failure, why] = FAULTS[code] ?? ['failed' as const, `the system says ${code}`]
  return new EffectFailure(failure, `files: ${JSON.stringify(path)}: ${why}`)
}
