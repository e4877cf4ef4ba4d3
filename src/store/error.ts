/**
 * What can go wrong with a store that is no fault of a request: `full` no space left, `io` the
 * disk or the file failed, `busy` another process held the store too long, `corrupt` what was read
 * is not what was written, `newer` or `older` the store was made by another version, `closed` it was closed.
 */
export type StoreFault = 'full' | 'io' | 'busy' | 'corrupt' | 'newer' | 'older' | 'closed'

/** A failure of the environment, thrown by every operation of a store. A caller either retries (`busy`) or reports it. */
export class StoreError extends Error {
  readonly fault: StoreFault

  constructor(fault: StoreFault, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreError'
    this.fault = fault
  }
}

const IO_FAULTS: Readonly<Record<string, StoreFault>> = { ENOSPC: 'full', EDQUOT: 'full', EFBIG: 'full' }

/** https://www.sqlite.org/rescode.html: the primary code is the low byte of the extended one. */
const SQLITE_FAULTS: Readonly<Record<number, StoreFault>> = {
  5: 'busy',
  6: 'busy',
  8: 'io',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'io',
  23: 'io',
  26: 'corrupt',
}

/** The typed form of an error of SQLite or the file system; any other error, a defect of ours, as it is. */
export function storeErrorOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error
  const { code, errcode, syscall } = error as Error & { code?: string; errcode?: number; syscall?: string }
  if (typeof errcode === 'number') {
    const fault = SQLITE_FAULTS[errcode & 0xff]
    return fault ? new StoreError(fault, `the database: ${error.message}`, error) : error
  }
  if (code === 'ERR_INVALID_STATE') return new StoreError('closed', 'the store was closed', error)
  if (typeof syscall !== 'string' || code === undefined) return error
  return new StoreError(IO_FAULTS[code] ?? 'io', `the blob directory: ${error.message}`, error)
}

/** Whether a statement failed because a row with its key is there already. */
export function isDuplicate(error: unknown): boolean {
  const code = (error as { errcode?: number } | undefined)?.errcode
  // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
  return code === 1555 || code === 2067
}
