import { close, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { storeErrorOf } from './error.ts'
import type { Sync } from './sql.ts'

const syncData = promisify(fdatasync)

/**
 * Makes commits durable: fdatasync(2) of the write-ahead log of the database at `path`, in a thread of libuv. The log is one file as long as
 * a connection is open (https://www.sqlite.org/walformat.html), so it is opened once.
 */
export function syncLog(path: string): { readonly sync: Sync; close(): void } {
  let fd: number | undefined
  let failure: unknown
  let inFlight = 0
  let isClosed = false
  async function sync(): Promise<void> {
    if (failure !== undefined) throw failure
    inFlight++
    try {
      await syncData((fd ??= openSync(`${path}-wal`, 'r+')))
    } catch (error) {
      // A page that could not be written may be marked clean: a second fsync would succeed and prove nothing.
      failure = storeErrorOf(error)
      throw failure
    } finally {
      inFlight--
      closeWhenIdle()
    }
  }
  // A descriptor that is closed while a thread works on it could be another file's by then.
  function closeWhenIdle(): void {
    if (isClosed && inFlight === 0 && fd !== undefined) close(fd, () => undefined)
  }
  return {
    sync,
    close: () => {
      isClosed = true
      closeWhenIdle()
    },
  }
}
