import { createPrivateKey, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigningKey, trustedKeyOf, type SigningKey } from '../document/index.ts'
import { StoreError, storeErrorOf } from './error.ts'

/** The files of keys that a store has beside its rows and blobs. */
export const KEY_FILES = { receipt: 'receipt-key.pem', audit: 'audit-key.pem' } as const

/**
 * A private key that is kept in the store's folder, readable for its owner only, and made when it is first asked for. Rejects
 * with a `StoreError`, also when the file is there and is no Ed25519 key.
 */
export async function openKeyFile(dir: string, name: keyof typeof KEY_FILES): Promise<SigningKey> {
  const path = join(dir, KEY_FILES[name])
  try {
    const pem = await readFile(path, 'utf8').catch(() => makeKey(dir, path))
    const trusted = trustedKeyOf(pem)
    if (!trusted) throw new StoreError('corrupt', `${path} is no Ed25519 key in PEM`)
    return { ...trusted, privateKey: createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }) as string }
  } catch (error) {
    throw storeErrorOf(error)
  }
}

/** Written whole before it has its name, so that of several processes that start together none reads half of it. */
async function makeKey(dir: string, path: string): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const temporary = join(dir, `${randomUUID()}.pem`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(generateSigningKey().privateKey)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(temporary, path)
  } catch (error) {
    // Another process was faster: its key counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(temporary, { force: true })
  }
  return readFile(path, 'utf8')
}
