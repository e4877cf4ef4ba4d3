import { launchCommand, WORKER_ENVIRONMENT, workerWords, type Isolation } from '../launch.ts'

/** Isolation `seccomp`: a plain process that gives up its rights itself before it says that it is ready (`lock-down.ts`). */
export const SECCOMP: Isolation = {
  level: 'seccomp',
  launch: (spec) => launchCommand({ words: workerWords('seccomp', spec), environment: WORKER_ENVIRONMENT }),
}
