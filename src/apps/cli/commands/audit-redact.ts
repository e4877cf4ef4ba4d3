import { userInfo } from 'node:os'
import { countRedactable, openAuditedStore, redactEntries, type Redaction } from '../../../audit/index.ts'
import { openSnapshot } from '../../../store/index.ts'
import { textOption } from '../arguments.ts'
import { readFilter } from '../audit-filter.ts'
import { dataFolder, whenStoreOpens } from '../audit-log.ts'
import type { CommandModule, Options } from '../commands.ts'
import { UsageError, type Terminal } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const redaction = readRedaction(options)
  const folder = dataFolder(terminal, options)
  if (options['dryRun']) return dryRun(terminal, options, folder, redaction)
  // Only a store that is there: opening would make one.
  ;(await whenStoreOpens(() => openSnapshot(folder), folder)).close()
  const { store } = await whenStoreOpens(() => openAuditedStore(folder), folder)
  try {
    const { count, isOffDisk } = await redactEntries(store, redaction)
    terminal.out(
      options['json'] ? `${JSON.stringify({ redacted: count, isOffDisk })}\n` : `${count} entries redacted\n`,
    )
    if (!isOffDisk)
      terminal.err('note: another process was reading, so that traces are left on the disk: run this again\n')
    return 'ok'
  } finally {
    store.close()
  }
}

async function dryRun(terminal: Terminal, options: Options, folder: string, redaction: Redaction): Promise<'ok'> {
  const snapshot = await whenStoreOpens(() => openSnapshot(folder), folder)
  const count = await countRedactable(snapshot.query, redaction)
  snapshot.close()
  terminal.out(options['json'] ? `${JSON.stringify({ wouldRedact: count })}\n` : `${count} entries would be redacted\n`)
  return 'ok'
}

function readRedaction(options: Options): Redaction {
  const filter = readFilter(options)
  const reason = textOption(options, 'reason')
  if (reason === undefined) throw new UsageError('say why with --reason: it is kept in the log')
  const sequences = readSequences(textOption(options, 'entries'))
  if (Object.keys(filter).length === 0 && !sequences)
    throw new UsageError('say which entries: with --entries, --principal, --subject, --until or another filter')
  return { filter, ...(sequences && { sequences }), tenant: '', principal: `local:${userInfo().username}`, reason }
}

function readSequences(text: string | undefined): readonly [number, number] | undefined {
  if (text === undefined) return undefined
  const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text) ?? []
  if (first === undefined || Number(first) > Number(last)) throw new UsageError(`--entries takes N or N-M, not ${text}`)
  return [Number(first), Number(last)]
}
