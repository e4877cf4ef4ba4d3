import { watch } from 'node:fs'
import { recordEvent, type AuditEvent } from '../../audit/index.ts'
import type { Diagnostic } from '../../base/index.ts'
import { loadPolicies, openDefaultPolicies, type Policies, type PolicyAction } from '../../policy/index.ts'
import type { Sql } from '../../store/index.ts'
import type { ServiceConfig } from '../settings/config.ts'
import type { Log } from '../context.ts'
import { ownDeed } from '../audit/deeds.ts'
import { boundsOf } from './policy-actions.ts'

/** A folder of policies that cannot be used: the service does not start with it. */
export class PoliciesError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('; '))
    this.diagnostics = diagnostics
  }
}

/** What was refused at a reload, while what was in force before stayed. */
type Rejected = { readonly at: string; readonly diagnostics: readonly Diagnostic[] }

/** The policies in force. */
export type PolicyBook = {
  readonly actions: readonly PolicyAction[]
  /** Replaced as a whole by a reload: to be taken once for each decision. */
  current(): Policies
  status(): { readonly loadedAt: string; readonly rejected?: Rejected }
  /** Reads the folder again; everything that is wrong, in which case nothing changed. Reloads wait for each other. */
  reload(told?: Told): Promise<readonly Diagnostic[]>
  close(): Promise<void>
}

/** The event of the audit log for a reload, by the revision that is in force after it. */
type Told = (revision: string) => AuditEvent

const toldOfItself: Told = (revision) => ownDeed('policies.load', '', revision)

type LoadOptions = {
  readonly config: ServiceConfig
  readonly actions: readonly PolicyAction[]
  readonly log: Log
}

/** How long a folder must be left alone before it is read: who writes a file in parts is waited for. */
const QUIET_MS = 250

/** Loads the policies of the configuration. Rejects with a {@link PoliciesError}: a service never starts with fewer rules than it was given. */
export async function openPolicies(options: LoadOptions): Promise<Policies> {
  const loaded = await load(options)
  if ('diagnostics' in loaded) throw new PoliciesError(loaded.diagnostics)
  return loaded.policies
}

/** Keeps the policies that are in force, and replaces them when their folder changes. */
export function createPolicyBook(options: LoadOptions & { readonly sql: Sql }, first: Policies): PolicyBook {
  const { config, actions, log, sql } = options
  let current = first
  /** The revision that was read last, whether it was taken or not. */
  let tried: string | undefined = first.revision
  let loadedAt = new Date().toISOString()
  let rejected: Rejected | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function reloadNow(told: Told): Promise<readonly Diagnostic[]> {
    const at = new Date().toISOString()
    const loaded = await load(options)
    const diagnostics = 'diagnostics' in loaded ? loaded.diagnostics : []
    const revision = 'policies' in loaded ? loaded.policies.revision : loaded.revision
    // A folder that was only touched, or read on demand meanwhile, is nothing to tell.
    if (revision === tried && told === toldOfItself) {
      if ('policies' in loaded) loaded.policies.close()
      return diagnostics
    }
    tried = revision
    rejected = 'diagnostics' in loaded ? { at, diagnostics } : undefined
    if ('policies' in loaded) {
      current.close()
      current = loaded.policies
      loadedAt = at
      log.info({ revision: current.revision, policies: current.own.length }, 'policies are in force')
    } else {
      log.error({ diagnostics, revision: current.revision }, 'new policies are refused')
    }
    await tell(sql, told(current.revision), diagnostics)
    return diagnostics
  }

  const reload = (told = toldOfItself): Promise<readonly Diagnostic[]> => {
    const next = last.then(() => reloadNow(told))
    last = next.catch((error: unknown) => log.error({ err: error }, 'policies could not be read again'))
    return next
  }
  const stopWatching =
    config.policyFolder === undefined ? () => undefined : watchFolder(config.policyFolder, reload, log)
  return {
    actions,
    current: () => current,
    status: () => ({ loadedAt, ...(rejected && { rejected }) }),
    reload,
    close: async () => {
      stopWatching()
      await last
      current.close()
    },
  }
}

async function load({ config, actions, log }: LoadOptions): ReturnType<typeof loadPolicies> {
  if (config.policyFolder === undefined) return { policies: openDefaultPolicies(actions), warnings: [] }
  const loaded = await loadPolicies(config.policyFolder, actions, boundsOf(config))
  if ('policies' in loaded && loaded.warnings.length > 0)
    log.warn({ diagnostics: loaded.warnings }, 'policies have warnings')
  return loaded
}

/** Leaves an entry in the audit log for what was read, and whether it was taken. */
async function tell(sql: Sql, deed: AuditEvent, diagnostics: readonly Diagnostic[]): Promise<void> {
  const reasons = diagnostics.map(({ code, message }) => `${code}: ${message}`)
  const event = reasons.length === 0 ? deed : { ...deed, outcome: 'refused' as const, reasons }
  await sql.tx((query) => recordEvent(query, event))
}

/** Calls `reload` when the folder changed and was then left alone; how to stop. */
function watchFolder(folder: string, reload: () => Promise<unknown>, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined
  const later = (): void => {
    clearTimeout(timer)
    // What goes wrong was logged.
    timer = setTimeout(() => void reload().catch(() => undefined), QUIET_MS)
  }
  try {
    const watcher = watch(folder, { persistent: false }, later)
    watcher.on('error', (error) => log.warn({ err: error, folder }, 'the folder of policies is not watched any more'))
    return () => {
      clearTimeout(timer)
      watcher.close()
    }
  } catch (error) {
    log.warn({ err: error, folder }, 'the folder of policies cannot be watched: send SIGHUP after a change')
    return () => undefined
  }
}
