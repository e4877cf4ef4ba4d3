import { decodeBase64, openNote, signNote, type NoteSigner, type NoteVerifier } from './note.ts'

/** What a log says of itself at one size (C2SP tlog-checkpoint): the first line names the log. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Buffer }

const ROOT_BYTES = 32

/** The origin of a log is the name of its key. */
export function signCheckpoint(size: number, root: Buffer, signer: NoteSigner): string {
  return signNote(`${signer.verifier.name}\n${size}\n${root.toString('base64')}\n`, signer)
}

/** Reads a checkpoint that the log's key signed; what is wrong with it otherwise. */
export function openCheckpoint(
  note: string,
  verifier: NoteVerifier,
): { readonly checkpoint: Checkpoint } | { readonly problem: string } {
  const opened = openNote(note, verifier)
  if ('problem' in opened) return opened
  // Further lines are extensions, which the specification allows.
  const [origin, sizeText = '', encoded = ''] = opened.text.split('\n')
  const root = decodeBase64(encoded)
  const size = /^(0|[1-9]\d{0,14})$/.test(sizeText) ? Number(sizeText) : undefined
  if (origin !== verifier.name) return { problem: `it is of another log, ${origin}` }
  if (size === undefined || root?.length !== ROOT_BYTES) return { problem: 'its size or root is malformed' }
  return { checkpoint: { origin, size, root } }
}
