import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { dirname, join } from 'node:path'
import { sha256Hex, type IsolationLevel } from '../../base/index.ts'
import { CODE_CACHE, WORKER_MAIN } from '../launch.ts'

/** Which levels were proved or refuted. */
export type Proofs = { readonly [L in IsolationLevel]?: boolean }

const MEMO = join(dirname(CODE_CACHE), 'isolation.json')
const SOURCE = dirname(dirname(WORKER_MAIN))

/** What of the system decides which levels work: the boot, what the kernel allows, and what confines this process already. */
const STATE_FILES: readonly string[] = [
  '/proc/sys/kernel/random/boot_id',
  '/proc/sys/user/max_user_namespaces',
  '/proc/sys/kernel/unprivileged_userns_clone',
  '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
  '/proc/self/attr/current',
]

/**
 * The state of this machine in which a proof holds: system, user, Node, the programs that containers are made with, and our own
 * source. A proof that is kept only chooses what to start, to save a process for each command: every worker proves its own
 * confinement before it takes a run, so that a wrong one costs a start and never a level.
 */
export function machineState(programs: readonly (string | undefined)[]): string {
  const facts = [
    release(),
    process.version,
    process.arch,
    process.getuid?.(),
    ...STATE_FILES.map(readFact),
    readFact('/proc/self/status').replace(/^(?!CapEff|NoNewPrivs|Seccomp:).*\n?/gm, ''),
    ...programs.map((path) => (path === undefined ? '' : `${path} ${changedAt(path)}`)),
    newestSource(),
  ]
  return sha256Hex(Buffer.from(JSON.stringify(facts)))
}

/** What is kept of this state; nothing where another state was kept, or none. */
export function recallProofs(state: string): Proofs {
  try {
    const kept = JSON.parse(readFileSync(MEMO, 'utf8')) as { readonly state?: unknown; readonly proofs?: Proofs }
    return kept.state === state ? { ...kept.proofs } : {}
  } catch {
    return {}
  }
}

/** Where the folder cannot be written, every command proves anew. */
export function keepProofs(state: string, proofs: Proofs): void {
  const draft = `${MEMO}.${process.pid}`
  try {
    mkdirSync(dirname(MEMO), { recursive: true })
    writeFileSync(draft, JSON.stringify({ state, proofs }))
    renameSync(draft, MEMO)
  } catch {
    // Not kept then.
  }
}

function readFact(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

function newestSource(): number {
  const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Math.max(...files.map((file) => changedAt(join(file.parentPath, file.name))))
}
