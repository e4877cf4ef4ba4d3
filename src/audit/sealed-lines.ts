import type { Sealed } from './entry.ts'

/** What the entries of one bundle sealed, as lines of JSON: those that were redacted have none. */
export function encodeSealed(sealed: ReadonlyMap<number, Sealed>): string {
  return [...sealed].map(([sequence, parts]) => `${lineOf(sequence, parts)}\n`).join('')
}

/** Strict: only what `encodeSealed` gives for entries from `first` to before `end`; undefined otherwise. */
export function decodeSealed(text: string, first: number, end: number): ReadonlyMap<number, Sealed> | undefined {
  const found = new Map<number, Sealed>()
  if (text !== '' && !text.endsWith('\n')) return undefined
  let after = first - 1
  for (const line of text.split('\n').slice(0, -1)) {
    const read = readLine(line)
    if (!read || !(read.sequence > after && read.sequence < end)) return undefined
    after = read.sequence
    found.set(read.sequence, read.sealed)
  }
  return found
}

const lineOf = (sequence: number, { salt, principal, subject, reasons, details }: Sealed): string =>
  JSON.stringify({ sequence, salt, principal, subject, reasons, details })

function readLine(line: string): { readonly sequence: number; readonly sealed: Sealed } | undefined {
  try {
    const { sequence, ...sealed } = JSON.parse(line) as { sequence: number } & Sealed
    return lineOf(sequence, sealed) === line ? { sequence, sealed } : undefined
  } catch {
    return undefined
  }
}
