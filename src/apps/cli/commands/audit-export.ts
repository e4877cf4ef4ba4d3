import { resolve } from 'node:path'
import { ExportError, exportLog, openStoreSource } from '../../../audit/index.ts'
import { reasonOf } from '../arguments.ts'
import { dataFolder, whenStoreOpens } from '../audit-log.ts'
import type { CommandModule } from '../commands.ts'
import { UsageError } from '../terminal.ts'

const PROGRESS_EVERY = 10_000

export const execute: CommandModule['execute'] = async (terminal, args, options) => {
  const folder = dataFolder(terminal, options)
  const target = resolve(terminal.folder, args[0]!)
  const source = await whenStoreOpens(() => openStoreSource(folder), folder)
  const onProgress = (entries: number): void => {
    if (entries % PROGRESS_EVERY === 0 && !options['json']) terminal.err(`${entries} entries\r`)
  }
  try {
    const entries = await exportLog(source, target, { onProgress, signal: terminal.stopped })
    terminal.out(
      options['json'] ? `${JSON.stringify({ folder: target, entries })}\n` : `${entries} entries in ${target}\n`,
    )
    return 'ok'
  } catch (error) {
    if (terminal.stopped.aborted) return 'interrupted'
    const isTheirs = error instanceof ExportError || (error as NodeJS.ErrnoException).syscall !== undefined
    if (isTheirs) throw new UsageError(`cannot export to ${args[0]}: ${reasonOf(error)}`)
    throw error
  } finally {
    source.close()
  }
}
