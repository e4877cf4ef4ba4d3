import type { SigningKey, TrustedKey } from '../document/index.ts'
import { signerOf, verifierOfKey, verifierText, type NoteSigner } from './note.ts'

/** Names the log after its key: no two logs have the same name. */
const logNameOf = ({ keyId }: TrustedKey): string => `anrf-audit-${keyId.replace(/^sha256:/, '').slice(0, 16)}`

export const logSignerOf = (key: SigningKey): NoteSigner => signerOf(logNameOf(key), key)

/** The public half of a key that signs, as text. */
export const logKeyTextOf = ({ verifier }: NoteSigner): string => verifierText(verifier)

/** The key as text that verifiers of signed notes read. */
export const logKeyText = (key: TrustedKey): string => verifierText(verifierOfKey(logNameOf(key), key))
