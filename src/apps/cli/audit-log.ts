import { resolve } from 'node:path'
import {
  isLogFolder,
  openFolderSource,
  openStoreSource,
  parseVerifier,
  type LogSource,
  type NoteVerifier,
} from '../../audit/index.ts'
import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { StoreError } from '../../store/index.ts'
import { readGiven, textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import { UsageError, type Terminal } from './terminal.ts'

/** The folder of the store that flags or environment name. */
export const dataFolder = (terminal: Terminal, options: Options): string =>
  resolve(terminal.folder, textOption(options, 'data') ?? terminal.env['ANRF_DATA'] ?? '.anrf')

/** The log in a folder that was exported or is a store. Throws {@link UsageError} when there is none. */
export async function openGivenLog(
  terminal: Terminal,
  given: string | undefined,
  options: Options,
): Promise<LogSource> {
  const folder = given === undefined ? dataFolder(terminal, options) : resolve(terminal.folder, given)
  if (await isLogFolder(folder)) return openFolderSource(folder)
  return whenStoreOpens(() => openStoreSource(folder), folder)
}

/** Says as a mistake of the user that a store cannot be opened. */
export async function whenStoreOpens<T>(open: () => Promise<T>, folder: string): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof StoreError) throw new UsageError(`cannot open the store in ${folder}: ${error.message}`)
    throw error
  }
}

/** The key of `--log-key`, as text or in a file; without it the one that lies beside the log. */
export async function readLogKey(
  terminal: Terminal,
  options: Options,
  source: LogSource,
): Promise<
  { readonly verifier: NoteVerifier; readonly isGiven: boolean } | { readonly diagnostics: readonly Diagnostic[] }
> {
  const given = textOption(options, 'logKey')
  const isText = given?.includes('+') ?? false
  const text = given === undefined ? source.logKey : isText ? given : (await readGiven(terminal, given)).toString()
  const verifier = parseVerifier(text ?? '')
  if (verifier) return { verifier, isGiven: given !== undefined }
  const message = text === undefined ? 'there is no key beside the log' : 'this is no key of an audit log'
  return {
    diagnostics: [diagnostic('ANRF5102', { message, hint: 'Give one with --log-key NAME+ID+KEY or --log-key FILE.' })],
  }
}
