import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError, storeErrorOf } from './error.ts'

/** With less than this a store has no room for what is to be written next. */
const ROOM_BYTES = 2 ** 20
/** What was found holds for so long, however often it is asked. */
const FOUND_MS = 1000

/** Whether the disk of a store takes what is written. */
export type Space = {
  /** Does something that writes, and keeps in mind when it found the disk full. */
  watch<T>(write: Promise<T>): Promise<T>
  /** Whether there is no room: less than 1 MiB is free, or a write was refused and as much as that is refused still. */
  isFull(): Promise<boolean>
}

export function watchSpace(dir: string): Space {
  let wasRefused = false
  let found: { readonly isFull: Promise<boolean>; readonly atMs: number } | undefined

  async function look(): Promise<boolean> {
    const { bavail, bsize } = await statfs(dir)
    if (bavail * bsize < ROOM_BYTES) return true
    // Small writes may fit where larger ones do not, and quotas are not in `statfs`: only one that is large enough says.
    if (wasRefused) wasRefused = !(await hasRoom(join(dir, 'space.probe')))
    return wasRefused
  }

  return {
    async watch(write) {
      try {
        return await write
      } catch (error) {
        wasRefused ||= error instanceof StoreError && error.fault === 'full'
        throw error
      }
    },
    isFull() {
      if (!found || performance.now() - found.atMs > FOUND_MS) found = { isFull: look(), atMs: performance.now() }
      return found.isFull.catch((error: unknown) => {
        throw storeErrorOf(error)
      })
    },
  }
}

async function hasRoom(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'w')
    try {
      await file.writeFile(Buffer.alloc(ROOM_BYTES))
      await file.sync()
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    const typed = storeErrorOf(error)
    if (typed instanceof StoreError && typed.fault === 'full') return false
    throw typed
  } finally {
    await rm(path, { force: true })
  }
}
