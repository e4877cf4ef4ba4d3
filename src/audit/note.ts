import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto'
import type { SigningKey, TrustedKey } from '../document/index.ts'

/** Signed notes (C2SP signed-note): text that ends with a newline, an empty line, and one line for each signature. */

/** Who may sign notes, as a verifier knows it. */
export type NoteVerifier = { readonly name: string; readonly id: Buffer; readonly publicKey: KeyObject }

/** Who signs notes. */
export type NoteSigner = { readonly verifier: NoteVerifier; readonly privateKey: KeyObject }

/** The algorithm byte of Ed25519. */
const ED25519 = Buffer.of(1)
const ID_BYTES = 4
const SIGNATURE_BYTES = 64
const PUBLIC_KEY_BYTES = 32
/** The DER prefix of an Ed25519 public key (RFC 8410 section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
/** Neither spaces nor the plus that separates the parts of a key. */
const NAME = /^[^\s+]+$/u

export function signerOf(name: string, key: SigningKey): NoteSigner {
  return { verifier: verifierOfKey(name, key), privateKey: createPrivateKey(key.privateKey) }
}

export const verifierOfKey = (name: string, { publicKey }: TrustedKey): NoteVerifier =>
  verifierOf(name, rawOf(createPublicKey(publicKey)))

const rawOf = (publicKey: KeyObject): Buffer =>
  publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length)

/** The key as text that verifiers of signed notes read: `name+id+key`. */
export function verifierText({ name, id, publicKey }: NoteVerifier): string {
  return `${name}+${id.toString('hex')}+${Buffer.concat([ED25519, rawOf(publicKey)]).toString('base64')}`
}

/** Reads what `verifierText` gives; undefined when the text is no Ed25519 key, or has an id that is not its own. */
export function parseVerifier(text: string): NoteVerifier | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text.trim()) ?? []
  const bytes = decodeBase64(encoded ?? '')
  if (!name || !bytes || bytes.length !== 1 + PUBLIC_KEY_BYTES || bytes[0] !== ED25519[0]) return undefined
  const verifier = verifierOf(name, bytes.subarray(1))
  return verifier.id.toString('hex') === id ? verifier : undefined
}

function verifierOf(name: string, raw: Uint8Array): NoteVerifier {
  if (!NAME.test(name)) throw new Error(`${name} cannot be the name of a key`)
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519, raw]), 'buffer').subarray(0, ID_BYTES)
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  return { name, id, publicKey }
}

/** Signs a text that ends with a newline. */
export function signNote(text: string, { verifier: { name, id }, privateKey }: NoteSigner): string {
  const signature = Buffer.concat([id, sign(undefined, Buffer.from(text), privateKey)])
  return `${text}\n— ${name} ${signature.toString('base64')}\n`
}

/** The text of a note that this verifier's key signed; what is wrong with it otherwise. Signatures by other keys do not matter. */
export function openNote(
  note: string,
  { name, id, publicKey }: NoteVerifier,
): { readonly text: string } | { readonly problem: string } {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return { problem: 'it is no signed note' }
  const text = note.slice(0, split + 1)
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map(readSignature)
  if (signatures.includes(undefined)) return { problem: 'a line of its signatures is malformed' }
  const found = signatures.find((one) => one?.name === name && one.bytes.subarray(0, ID_BYTES).equals(id))
  if (!found) return { problem: `it is not signed by ${name}` }
  const signature = found.bytes.subarray(ID_BYTES)
  const isValid = signature.length === SIGNATURE_BYTES && verify(undefined, Buffer.from(text), publicKey, signature)
  return isValid ? { text } : { problem: `its signature by ${name} is not valid` }
}

function readSignature(line: string): { readonly name: string; readonly bytes: Buffer } | undefined {
  const [, name, encoded = ''] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? []
  const bytes = decodeBase64(encoded)
  return name === undefined || !bytes ? undefined : { name, bytes }
}

/** Strict: only the one form that encoding gives. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
