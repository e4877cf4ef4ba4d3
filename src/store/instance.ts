import { mkdirSync, rmSync } from 'node:fs'
import { randomUUIDv7 } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { storeErrorOf } from './error.ts'

/** A process that has a store open, known to the others: what it left undone is taken up when it is gone. */
export type Instance = {
  readonly id: string
  /** Whether another instance still runs. False for ids that never were. */
  isAlive(id: string): boolean
  close(): void
}

const ID = /^[0-9a-f-]{36}$/

/**
 * Each instance holds a lock of the system on a file of its own as long as it lives. The system gives the lock up when the
 * process ends in whatever way, so that no clock and no process id, which are used again, can deceive.
 */
export function openInstance(dir: string): Instance {
  const folder = join(dir, 'instances')
  const pathOf = (id: string): string => join(folder, `${id}.lock`)
  const id = randomUUIDv7()
  try {
    mkdirSync(folder, { recursive: true })
    const held = lock(pathOf(id))
    if (!held) throw new Error('a new lock is held by another process')
    return {
      id,
      isAlive: (other) => other === id || (ID.test(other) && !isFree(pathOf(other))),
      close: () => {
        held.close()
        rmSync(pathOf(id), { force: true })
      },
    }
  } catch (error) {
    throw storeErrorOf(error)
  }
}

/** The lock on a file, or undefined when another process has it. */
function lock(path: string): DatabaseSync | undefined {
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    db.exec('begin exclusive')
    return db
  } catch {
    db.close()
    return undefined
  }
}

/** Takes the lock of an instance that is gone, and its file with it. */
function isFree(path: string): boolean {
  const taken = lock(path)
  taken?.close()
  if (taken) rmSync(path, { force: true })
  return taken !== undefined
}
