import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

export { CapabilityError, EffectError } from 'anrf:effects'

export type Entry = { name: string; kind: 'file' | 'folder' | 'other'; size: number }
export type Stat = { kind: 'file' | 'folder' | 'other'; size: number }

/** The text of a file. Paths begin with the name of a granted folder: `data/orders.csv`. */
export async function readText(path: string): Promise<string> {
  return String(valueOf(await effect('files.read', JSON.stringify({ path, base64: false }))))
}

/** The content of a file in base64. */
export async function readBase64(path: string): Promise<string> {
  return String(valueOf(await effect('files.read', JSON.stringify({ path, base64: true }))))
}

/** Writes a file as a whole: others see the old content or the new one. */
export async function writeText(path: string, text: string): Promise<void> {
  valueOf(await effect('files.write', JSON.stringify({ path, text, base64: false })))
}

/** Writes a file from base64. */
export async function writeBase64(path: string, text: string): Promise<void> {
  valueOf(await effect('files.write', JSON.stringify({ path, text, base64: true })))
}

/** Adds text at the end of a file, which is made when it is not there. */
export async function appendText(path: string, text: string): Promise<void> {
  valueOf(await effect('files.append', JSON.stringify({ path, text })))
}

/** Removes a file. */
export async function remove(path: string): Promise<void> {
  valueOf(await effect('files.remove', JSON.stringify({ path })))
}

/** What is in a folder, by name. */
export async function list(path: string): Promise<Entry[]> {
  const entries = valueOf(await effect('files.list', JSON.stringify({ path })))
  return entries.map((entry: any): Entry => ({
    name: String(entry.name),
    kind: kindOf(entry.kind),
    size: Number(entry.size),
  }))
}

/** Kind and size of a file or folder. */
export async function stat(path: string): Promise<Stat> {
  const found = valueOf(await effect('files.stat', JSON.stringify({ path })))
  return { kind: kindOf(found.kind), size: Number(found.size) }
}

function kindOf(kind: any): 'file' | 'folder' | 'other' {
  return kind === 'file' || kind === 'folder' ? kind : 'other'
}
