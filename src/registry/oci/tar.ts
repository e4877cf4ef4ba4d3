import { OciError } from './failure.ts'

/** A file in an archive. */
export type TarEntry = { readonly name: string; readonly bytes: Uint8Array }

const BLOCK = 512
const ENTRIES_MAX = 10_000

/** Writes an archive in the ustar form (POSIX.1-1988) without times, owners or anything else of this machine. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const parts = entries.flatMap(({ name, bytes }) => [headerOf(name, bytes.length), bytes, padding(bytes.length)])
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

const padding = (size: number): Uint8Array => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)

function headerOf(name: string, size: number): Uint8Array {
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for an archive`)
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, digits: number): void => {
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1')
  }
  header.write(name, 0, 'utf8')
  octal(0o644, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(size, 124, 11)
  octal(0, 136, 11)
  header.write('0', 156, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/** The sum of all bytes, those of the field itself as spaces. */
function checksumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0)
}

/** The files of an archive by name. Only plain files and folders are taken, each name once. Throws an `OciError`. */
export function readTar(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const files = new Map<string, Uint8Array>()
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) return files
    const { name, size, type } = readHeader(header)
    const from = at + BLOCK
    if (from + size > archive.length) throw malformed(`${name} is cut off`)
    if (files.has(name) || files.size >= ENTRIES_MAX)
      throw malformed(`${name} is there twice, or there are too many files`)
    if (type === 'file') files.set(name, archive.subarray(from, from + size))
    at = from + Math.ceil(size / BLOCK) * BLOCK
  }
  throw malformed('its end is missing')
}

function readHeader(header: Buffer): {
  readonly name: string
  readonly size: number
  readonly type: 'file' | 'folder'
} {
  const text = (from: number, to: number): string => {
    const field = header.subarray(from, to)
    const end = field.indexOf(0)
    return field.subarray(0, end < 0 ? field.length : end).toString('utf8')
  }
  const number = (from: number, to: number): number => {
    const digits = text(from, to).trim()
    return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
  }
  const [size, checksum, flag] = [number(124, 136), number(148, 156), text(156, 157)]
  if (checksum !== checksumOf(header)) throw malformed('the sum of a header is wrong')
  if (!Number.isSafeInteger(size)) throw malformed('a size is no octal number')
  const prefix = text(345, 500)
  const name = `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`.replace(/^\.\//, '')
  if (flag !== '' && flag !== '0' && flag !== '5') throw malformed(`${name} is neither a file nor a folder`)
  return { name, size: flag === '5' ? 0 : size, type: flag === '5' ? 'folder' : 'file' }
}

const malformed = (why: string): OciError => new OciError('ANRF5057', `the file is no exported artifact: ${why}`)
