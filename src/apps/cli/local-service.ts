import { resolve } from 'node:path'
import type { Diagnostic } from '../../base/index.ts'
import {
  createKey,
  HooksError,
  IsolationError,
  listKeys,
  PoliciesError,
  revokeKey,
  startService,
  type RunningService,
  type ServiceConfig,
} from '../../service/index.ts'
import { openAuditedStore } from '../../audit/index.ts'
import { StoreError } from '../../store/index.ts'
import { reasonOf } from './arguments.ts'
import type { Options } from './commands.ts'
import { readConfiguration } from './configuration.ts'
import { UsageError, type Terminal } from './terminal.ts'

type Opened = { readonly service: RunningService; readonly dataDir: string }

/**
 * Starts the service as flags, environment and configuration file say. `isAnyPortFine`: another port does as well when the default one is
 * taken. Throws {@link UsageError} when the port or the folder cannot be had.
 */
export async function openService(
  terminal: Terminal,
  options: Options,
  preset: Partial<ServiceConfig> = {},
  isAnyPortFine = false,
): Promise<Opened | { readonly refused: readonly Diagnostic[] }> {
  const read = readConfiguration(terminal, options, preset)
  if ('diagnostics' in read) return { refused: read.diagnostics }
  const dataDir = resolve(terminal.folder, read.config.dataDir)
  const start = (port: number): Promise<RunningService> => startService({ ...read.config, dataDir, port })
  const isPortChosen = !isAnyPortFine || read.layers.some(({ values }) => values['ANRF_PORT'] !== undefined)
  try {
    const service = await start(read.config.port).catch((error: unknown) => {
      // Nobody asked for this port in particular, so another one does as well.
      if (isPortChosen || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      return start(0)
    })
    return { service, dataDir }
  } catch (error) {
    if (error instanceof IsolationError) return { refused: [error.diagnostic] }
    if (error instanceof HooksError) return { refused: error.diagnostics }
    if (error instanceof PoliciesError) return { refused: error.diagnostics }
    if (error instanceof StoreError) throw new UsageError(`cannot open the store in ${dataDir}: ${error.message}`)
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    throw new UsageError(`cannot listen on ${read.config.host}:${read.config.port}: ${reasonOf(error)}`)
  }
}

/** Resolves at the first Ctrl-C or SIGTERM. */
export function untilStopped(terminal: Terminal): Promise<void> {
  return new Promise((done) => {
    if (terminal.stopped.aborted) done()
    else terminal.stopped.addEventListener('abort', () => done(), { once: true })
  })
}

const DEMO_LABEL = 'anrf demo'

/**
 * A fresh admin key for a store that has one already, whose text nobody keeps. Whoever may write the store's files may
 * make keys; the one of an earlier demo ends.
 */
export async function replaceDemoKey(dataDir: string): Promise<string> {
  const { store } = await openAuditedStore(dataDir)
  try {
    for (const { id, label, revokedAt } of await listKeys(store.sql)) {
      if (label === DEMO_LABEL && revokedAt === undefined) await revokeKey(store.sql, id)
    }
    return (await createKey(store.sql, { label: DEMO_LABEL, scopes: ['admin'] })).key
  } finally {
    store.close()
  }
}
