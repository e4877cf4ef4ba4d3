import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkStore as checkWholeStore } from '../../../audit/index.ts'
import { openSnapshot, StoreError, type Snapshot } from '../../../store/index.ts'
import type { Finding, Patient } from './check.ts'
import { nearestFolder } from './disk.ts'

/** Whether the store is whole, without changing it: its structure, and with `--deep` all that `anrf store check` reads. */
export async function checkStore({ dataDir, isDeep }: Patient): Promise<Finding> {
  const folder = nearestFolder(dataDir)
  accessSync(folder, constants.W_OK)
  if (!existsSync(join(dataDir, 'anrf.sqlite')))
    return { status: 'ok', detail: `none yet; it will be made in ${dataDir}` }
  try {
    const snapshot = await openSnapshot(dataDir)
    try {
      return await examine(snapshot, isDeep ? dataDir : undefined)
    } finally {
      snapshot.close()
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    if (error.fault === 'older') return { status: 'note', detail: error.message }
    return { status: 'error', detail: error.message }
  }
}

async function examine(snapshot: Snapshot, wholeDir: string | undefined): Promise<Finding> {
  const [damage] = snapshot.findDamage('quick')
  if (damage !== undefined)
    return { status: 'error', detail: `the database is damaged: ${damage}`, hint: 'Restore a backup.' }
  const [counts] = await snapshot.query<{ artifacts: number; executions: number }>(
    'select (select count(*) from artifact) as artifacts, (select count(*) from execution) as executions',
  )
  const told = `${counts!.artifacts} artifacts, ${counts!.executions} executions`
  if (wholeDir === undefined) return { status: 'ok', detail: `${told}; --deep reads everything` }
  const { problems } = await checkWholeStore(wholeDir)
  const [problem] = problems
  if (problem)
    return { status: 'error', detail: problem.message, hint: '`anrf store check` says all. Restore a backup.' }
  return { status: 'ok', detail: `${told}; every document has its digest, the audit log its root` }
}

/** No earlier than what was done last: times of keys and of the audit log hang on it. */
export async function checkClock({ dataDir }: Patient): Promise<Finding> {
  const now = new Date()
  const last = existsSync(join(dataDir, 'anrf.sqlite')) ? await lastEntry(dataDir) : undefined
  const text = now.toISOString()
  if (last !== undefined && last > text)
    return {
      status: 'error',
      detail: `it is ${text}, and the last entry of the audit log is of ${last}`,
      hint: 'Set the clock of this machine: keys would end late.',
    }
  return { status: 'ok', detail: text }
}

async function lastEntry(dataDir: string): Promise<string | undefined> {
  try {
    const snapshot = await openSnapshot(dataDir)
    try {
      const [row] = await snapshot.query<{ at: string | null }>('select max(at) as at from audit_entry')
      return row?.at ?? undefined
    } finally {
      snapshot.close()
    }
  } catch (error) {
    // What is wrong with the store is another check's to say.
    if (error instanceof StoreError) return undefined
    throw error
  }
}
