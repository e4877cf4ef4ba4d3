import { randomUUIDv7 } from 'node:crypto'
import { resolve } from 'node:path'
import type { Diagnostic, Limits } from '../../base/index.ts'
import type { Broker, BrokerOptions, Host, Tools } from '../../broker/index.ts'
import {
  grantsWithin,
  isRepeatable,
  parseGrants,
  type Declared,
  type Grant,
  type JournalEntry,
} from '../../effects/index.ts'
import { memoryJournal, Session, type Performer } from '../../journal/index.ts'
import type { EffectSession } from '../../sandbox/index.ts'
import type { Store } from '../../store/index.ts'
import { listOption, textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import { readGivenSecrets } from './secrets.ts'
import { UsageError, type Terminal } from './terminal.ts'

/** The way of one run to the world, and what it did there. */
export type Access = {
  readonly executionId: string
  readonly session: EffectSession
  entries(): readonly JournalEntry[]
  close(): void
}

/** For what a run is given access. */
type Given = {
  readonly path: string
  readonly limits: Limits
  readonly tools: Tools
  /** What the program's document asks for, if it has one: nothing beyond it is granted. */
  readonly capabilities: readonly Declared[] | undefined
}

/**
 * What `--allow`, `--tools` and `--secret` open. A capability that was not granted is denied when the program asks for it.
 * Throws {@link UsageError} when the folder of `--data` cannot be had.
 */
export async function openAccess(
  terminal: Terminal,
  options: Options,
  given: Given,
): Promise<Access | { readonly diagnostics: readonly Diagnostic[] }> {
  const parsed = parseGrants(listOption(options, 'allow'))
  const secrets = await readGivenSecrets(terminal, options)
  const diagnostics = [parsed, secrets].flatMap((one) => ('diagnostics' in one ? one.diagnostics : []))
  if ('diagnostics' in parsed || 'diagnostics' in secrets) return { diagnostics }
  const executionId = randomUUIDv7()
  const grants = given.capabilities ? grantsWithin(parsed.grants, given.capabilities) : parsed.grants
  const store = await openKept(terminal, options, grants)
  const host: Host = {
    root: terminal.folder,
    tools: given.tools,
    ...secrets,
    ...(store && { kv: { sql: store.sql, principal: 'local', program: resolve(terminal.folder, given.path) } }),
  }
  const performer = lazyBroker({ executionId, grants, limits: given.limits, host })
  const { writer, entries } = memoryJournal()
  const startedMs = performance.now()
  const elapsed = (): number => performance.now() - startedMs
  const session = new Session({ performer, limits: given.limits, journal: writer, past: [], isRepeatable, elapsed })
  return { executionId, session, entries, close: () => store?.close() }
}

/** The store in which granted keys are kept. */
async function openKept(terminal: Terminal, options: Options, grants: readonly Grant[]): Promise<Store | undefined> {
  if (!grants.some((grant) => grant.kind === 'kv')) return undefined
  const folder = resolve(terminal.folder, textOption(options, 'data') ?? terminal.env['ANRF_DATA'] ?? '.anrf')
  const { openStore, StoreError } = await import('../../store/index.ts')
  try {
    return await openStore(folder)
  } catch (error) {
    if (error instanceof StoreError) throw new UsageError(`cannot open the store in ${folder}: ${error.message}`)
    throw error
  }
}

/** A broker that is loaded when it is first called: most programs ask nothing of the world. */
function lazyBroker(options: BrokerOptions): Performer {
  let made: Broker | undefined
  let isWaiting = true
  const load = async (): Promise<Broker> => {
    const { createBroker } = await import('../../broker/index.ts')
    if (made) return made
    made = createBroker(options)
    made.waits(isWaiting)
    return made
  }
  return {
    perform: async (call, signal, grant) => (made ?? (await load())).perform(call, signal, grant),
    usage: () => made?.usage() ?? { bytesIn: 0, bytesOut: 0 },
    waits: (now) => {
      isWaiting = now
      made?.waits(now)
    },
    close: () => made?.close(),
  }
}
