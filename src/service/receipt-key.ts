import { createPrivateKey } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigningKey, trustedKeyOf, type SigningKey } from '../document/index.ts'

/**
 * The key that signs receipts: made at the first start, and kept in the store's folder, readable for its owner only. Throws
 * when the file is there and is no Ed25519 key.
 */
export async function openReceiptKey(dataDir: string): Promise<SigningKey> {
  const path = join(dataDir, 'receipt-key.pem')
  try {
    // Only one of several processes that start together makes it.
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(generateSigningKey().privateKey)
    await file.sync()
    await file.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const pem = await readFile(path, 'utf8')
  const trusted = trustedKeyOf(pem)
  if (!trusted) throw new Error(`${path} is no Ed25519 key in PEM`)
  return { ...trusted, privateKey: createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }) as string }
}
