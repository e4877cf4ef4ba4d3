import type { EntryFilter } from '../../audit/index.ts'
import { textOption } from './arguments.ts'
import type { OptionRow, Options } from './commands.ts'
import { UsageError } from './terminal.ts'

/** The flags that say which entries of the audit log are meant. */
export const FILTER_OPTIONS: readonly OptionRow[] = [
  { flags: '--tenant <tenant>', about: 'only entries of this tenant' },
  { flags: '--action <action>', about: 'only this action, e.g. keys.create' },
  { flags: '--principal <id>', about: 'only what this principal did' },
  { flags: '--subject <id>', about: 'only what was done to this: a key, an artifact, an execution' },
  { flags: '--outcome <outcome>', about: 'only done, refused or failed' },
  { flags: '--from <time>', about: 'only entries from this time on (ISO 8601)' },
  { flags: '--until <time>', about: 'only entries before this time (ISO 8601)' },
]

const TEXTS = ['tenant', 'action', 'principal', 'subject', 'outcome'] as const
const TIMES = ['from', 'until'] as const

/** Throws {@link UsageError} for what is no time. */
export function readFilter(options: Options): EntryFilter {
  const texts = TEXTS.flatMap((name) => {
    const text = textOption(options, name)
    return text === undefined ? [] : [[name, text]]
  })
  const times = TIMES.flatMap((name) => {
    const text = textOption(options, name)
    return text === undefined ? [] : [[name, readTime(name, text)]]
  })
  return Object.fromEntries([...texts, ...times]) as EntryFilter
}

function readTime(name: string, text: string): string {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN)
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`--${name} takes a time such as 2026-05-01 or 2026-05-01T12:00Z, not ${text}`)
  return time.toISOString()
}
