import {
  launchCommand,
  startCommand,
  WORKER_ENVIRONMENT,
  workerWords,
  type Command,
  type Isolation,
  type LaunchSpec,
} from '../launch.ts'
import { buildFilter, encodeFilter } from './bpf.ts'
import { NOBODY, workerFiles } from './files.ts'
import type { Processor } from './syscalls.ts'
import { childOf } from './usage.ts'

/** The descriptor at which bubblewrap reads the outer filter: the first behind the channel. */
const FILTER_FD = 4

/**
 * Namespaces for everything; an empty root that is then made read-only. No --new-session: it makes a group of its own for the
 * scheduler, which costs milliseconds for each answer, and a worker has no terminal that it would protect.
 */
const NAMESPACES: readonly string[] = [
  ...['--unshare-all', '--unshare-user', '--uid', String(NOBODY), '--gid', String(NOBODY), '--hostname', 'worker'],
  ...['--cap-drop', 'ALL', '--die-with-parent'],
]

/** Isolation `container`: bubblewrap and both filters. Another outer filter only in tests. */
export function containerBy(
  bubblewrap: string,
  processor: Processor,
  filter: Uint8Array = encodeFilter(buildFilter('outer', processor)),
): Isolation {
  return {
    level: 'container',
    launch: (spec) => launchCommand(containerOf(bubblewrap, filter, spec)),
    startZygote: (spec, channel) =>
      startCommand({ ...containerOf(bubblewrap, encodeFilter(buildFilter('zygote', processor)), spec), channel }),
  }
}

function containerOf(bubblewrap: string, filter: Uint8Array, spec: LaunchSpec): Command {
  const bindings = workerFiles(spec.script).flatMap(({ from, to }) => ['--ro-bind', from, to])
  const limits = ['--remount-ro', '/', '--chdir', '/', '--seccomp', String(FILTER_FD), '--']
  return {
    words: [bubblewrap, ...NAMESPACES, ...bindings, ...limits, ...workerWords('container', spec)],
    environment: WORKER_ENVIRONMENT,
    inputs: [filter],
    // bubblewrap waits for the first process of the container, which waits for the worker.
    container: { firstPid: childOf, workerPid: (pid) => childOf(childOf(pid)) },
  }
}
