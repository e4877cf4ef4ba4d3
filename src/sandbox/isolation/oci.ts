import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchCommand, WORKER_ENVIRONMENT, workerWords, type Isolation, type LaunchSpec } from '../launch.ts'
import { workerFiles } from './files.ts'
import { ociSeccomp } from './oci-seccomp.ts'
import type { Processor } from './syscalls.ts'

/** The user of a container: its root, without capabilities, which is this process's user outside. */
const INSIDE_UID = 0

/**
 * Isolation `oci`: a container of an OCI runtime (runc by default; runsc and Kata take the same bundle), made for one worker and
 * deleted with it. The runtime needs /proc and /dev inside; they show the container alone.
 */
export function ociBy(runtime: string, processor: Processor): Isolation {
  const seccomp = ociSeccomp(processor)
  return {
    level: 'oci',
    launch: (spec) => {
      const bundle = mkdtempSync(join(tmpdir(), 'anrf-oci-'))
      const id = `anrf-${randomUUID()}`
      const pidFile = join(bundle, 'pid')
      mkdirSync(join(bundle, 'rootfs'))
      writeFileSync(join(bundle, 'config.json'), JSON.stringify(configOf(spec, seccomp)))
      const common = ['--root', join(bundle, 'state')]
      const launched = launchCommand({
        words: [runtime, ...common, 'run', '--bundle', bundle, '--pid-file', pidFile, '--preserve-fds', '1', id],
        environment: WORKER_ENVIRONMENT,
        container: { firstPid: () => readPid(pidFile), workerPid: () => readPid(pidFile) },
      })
      const exited = launched.exited.finally(() => {
        // Deleted already when the runtime itself saw its end.
        spawnSync(runtime, [...common, 'delete', '--force', id], { stdio: 'ignore' })
        rmSync(bundle, { recursive: true, force: true })
      })
      return { ...launched, exited }
    },
  }
}

function readPid(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

/** The bundle's configuration (OCI runtime specification, config.md). */
function configOf(spec: LaunchSpec, seccomp: object): object {
  const own = (hostID = 0): object[] => [{ containerID: INSIDE_UID, hostID, size: 1 }]
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: INSIDE_UID, gid: INSIDE_UID },
      args: workerWords('oci', spec),
      env: Object.entries(WORKER_ENVIRONMENT).map(([name, value]) => `${name}=${value}`),
      cwd: '/',
      capabilities: {},
      noNewPrivileges: true,
    },
    root: { path: 'rootfs', readonly: true },
    hostname: 'worker',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'noexec', 'size=64k', 'mode=755'] },
      ...workerFiles(spec.script, INSIDE_UID).map(({ from, to }) => ({
        destination: to,
        type: 'bind',
        source: from,
        options: ['rbind', 'ro', 'nosuid', 'nodev'],
      })),
    ],
    linux: {
      namespaces: ['user', 'pid', 'network', 'ipc', 'uts', 'mount', 'cgroup'].map((type) => ({ type })),
      uidMappings: own(process.getuid?.()),
      gidMappings: own(process.getgid?.()),
      seccomp,
    },
  }
}
