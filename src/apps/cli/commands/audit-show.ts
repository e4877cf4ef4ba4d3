import { listEntries, type ListedEntry } from '../../../audit/index.ts'
import { openSnapshot } from '../../../store/index.ts'
import { textOption } from '../arguments.ts'
import { readFilter } from '../audit-filter.ts'
import { dataFolder, whenStoreOpens } from '../audit-log.ts'
import type { CommandModule } from '../commands.ts'
import { showControls } from '../plain-text.ts'
import { UsageError } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const filter = readFilter(options)
  const limitText = textOption(options, 'limit') ?? ''
  if (!/^[1-9]\d{0,6}$/.test(limitText)) throw new UsageError(`--limit takes a whole number, not ${limitText}`)
  const folder = dataFolder(terminal, options)
  const snapshot = await whenStoreOpens(() => openSnapshot(folder), folder)
  try {
    const { entries, next } = await listEntries(snapshot.query, filter, { limit: Number(limitText) })
    // As they happened: the newest line is the last one on the screen.
    for (const entry of entries.toReversed())
      terminal.out(options['json'] ? `${JSON.stringify(entry)}\n` : `${showControls(lineOf(entry))}\n`)
    if (next !== undefined && !options['json']) terminal.err('note: there may be older entries: see --limit\n')
    return 'ok'
  } finally {
    snapshot.close()
  }
}

function lineOf(entry: ListedEntry): string {
  const { sequence, at, tenant, action, outcome, isRedacted, principal, subject, reasons = [], redacts } = entry
  const who = isRedacted ? '(redacted)' : `${principal} ${subject === '' ? '-' : subject}`
  const more = [...reasons, ...(redacts ? [`entries ${redacts.map((range) => range.join('-')).join(' ')}`] : [])]
  return [`${sequence}`.padStart(6), at, tenant || '-', action, outcome, who, more.join('; ')].join('  ').trimEnd()
}
