import { randomUUIDv7 } from 'node:crypto'
import type { Diagnostic, Limits } from '../../base/index.ts'
import { createBroker } from '../../broker/index.ts'
import { isRepeatable, parseGrants, type JournalEntry } from '../../effects/index.ts'
import { memoryJournal, Session } from '../../journal/index.ts'
import type { EffectSession } from '../../sandbox/index.ts'
import { listOption } from './arguments.ts'
import type { Options } from './commands.ts'
import type { Terminal } from './terminal.ts'

/** The way of one run to the world, and what it did there. */
export type Access = {
  readonly executionId: string
  readonly session: EffectSession
  entries(): readonly JournalEntry[]
}

/** What `--allow` opens. A capability that was not granted is denied when the program asks for it. */
export function openAccess(
  terminal: Terminal,
  options: Options,
  limits: Limits,
): Access | { readonly diagnostics: readonly Diagnostic[] } {
  const parsed = parseGrants(listOption(options, 'allow'))
  if ('diagnostics' in parsed) return parsed
  const executionId = randomUUIDv7()
  const performer = createBroker({ executionId, grants: parsed.grants, limits, host: { root: terminal.folder } })
  const { writer, entries } = memoryJournal()
  const startedMs = performance.now()
  const elapsed = (): number => performance.now() - startedMs
  const session = new Session({ performer, journal: writer, past: [], isRepeatable, elapsed })
  return { executionId, session, entries }
}
