import type { Logger } from 'pino'
import {
  createForks,
  createPool,
  openCgroups,
  openProcessorLimits,
  stderrOf,
  type Isolation,
  type Pool,
} from '../sandbox/index.ts'
import type { ServiceConfig } from './settings/config.ts'

/** The workers of a service, with all that bounds them on this machine. */
export async function openPool(config: ServiceConfig, isolation: Isolation, log: Logger): Promise<Pool> {
  const forks = createForks(isolation)
  forks?.tellOfChanges(({ isOpen, reason }) => {
    if (isOpen) log.info('fresh processes are forked from one that is ready')
    else log.warn({ reason }, 'fresh processes are started one by one')
  })
  const pool = createPool({
    isolation,
    forks,
    cgroups: openCgroups(),
    processorLimits: await openProcessorLimits(),
    size: config.workers,
    spares: config.spares,
    processes: config.processes,
    queueMax: config.queueMax,
    onDeath: (death, pid) => log.warn({ pid, kind: death.kind, stderr: stderrOf(death) }, 'a worker ended'),
  })
  // Otherwise when somebody asks for a fresh process: it costs a second of processor time.
  if (config.freshProcesses) void forks?.open()
  return pool
}
