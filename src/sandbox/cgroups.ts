import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The control group of one worker. */
export type Cage = {
  /** Whether the kernel ended a process of the group for its memory. */
  isOutOfMemory(): boolean
  /** To be called when the process has ended. */
  remove(): void
}

/** Control groups that this process may make (cgroups(7)): the kernel then bounds the memory and the number of threads of workers. */
export type Cgroups = {
  readonly version: 1 | 2
  /** Puts a process into a group of its own. Undefined when it has ended already or the group cannot be made. */
  confine(pid: number, memoryBytes: number): Cage | undefined
}

/** What the kernel says of this process: /proc/self/mountinfo and /proc/self/cgroup. */
type Said = { readonly mountinfo: string; readonly cgroup: string }

/** Where groups are made, and what is written there, of which what is optional may be missing. */
type Parent = {
  readonly folder: string
  readonly settings: (memoryBytes: number) => readonly { file: string; value: string; isOptional?: boolean }[]
}
type Layout = { readonly version: 1 | 2; readonly parents: readonly Parent[]; readonly killsFile: string }

/** A worker has some ten threads; nothing else may be started in it. */
const THREADS_MAX = 64
const PROBE_BYTES = 2 ** 28

/** The control groups that are delegated to this process: those it may make. Undefined where there are none. */
export function openCgroups(said: Said | undefined = readOwn()): Cgroups | undefined {
  const layout = said && (layoutOf2(said) ?? layoutOf1(said))
  if (!layout) return undefined
  for (const { folder } of layout.parents) removeLeft(folder)
  let count = 0
  const make = (memoryBytes: number): Group | undefined =>
    makeGroup(layout, `anrf-${process.pid}-${count++}`, memoryBytes)
  const probe = make(PROBE_BYTES)
  if (!probe) return undefined
  probe.remove()
  return {
    version: layout.version,
    confine: (pid, memoryBytes) => {
      const group = make(memoryBytes)
      if (!group || group.enter(pid)) return group
      group.remove()
      return undefined
    },
  }
}

function readOwn(): Said | undefined {
  const read = (name: string): string => readFileSync(`/proc/self/${name}`, 'utf8')
  return tried(() => ({ mountinfo: read('mountinfo'), cgroup: read('cgroup') }))
}

/** The unified hierarchy, if memory and pids can be had there. */
function layoutOf2(said: Said): Layout | undefined {
  const folder = folderOf(said, 'cgroup2', '', '')
  if (folder === undefined) return undefined
  const controllers = tried(() => readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ')) ?? []
  if (!controllers.includes('memory') || !controllers.includes('pids') || !enable(folder)) return undefined
  const settings = (memoryBytes: number): ReturnType<Parent['settings']> => [
    { file: 'memory.max', value: String(memoryBytes) },
    { file: 'memory.swap.max', value: '0', isOptional: true },
    { file: 'memory.oom.group', value: '1', isOptional: true },
    { file: 'pids.max', value: String(THREADS_MAX) },
  ]
  return { version: 2, parents: [{ folder, settings }], killsFile: 'memory.events' }
}

/** Controllers are for the children of a group without processes: where we are the only one in ours, we go to a child first. */
function enable(folder: string): boolean {
  const ask = (): true | undefined =>
    tried(() => (writeFileSync(join(folder, 'cgroup.subtree_control'), '+memory +pids'), true))
  if (ask()) return true
  const own = tried(() => readFileSync(join(folder, 'cgroup.procs'), 'utf8').trim())
  if (own !== String(process.pid)) return false
  const leaf = join(folder, `anrf-${process.pid}-service`)
  tried(() => mkdirSync(leaf))
  return (tried(() => writeFileSync(join(leaf, 'cgroup.procs'), own)), ask()) ?? false
}

/** A hierarchy for each controller, as before 2016 and where both are mounted. */
function layoutOf1(said: Said): Layout | undefined {
  const memory = folderOf(said, 'cgroup', 'memory', 'memory')
  const pids = folderOf(said, 'cgroup', 'pids', 'pids')
  if (memory === undefined || pids === undefined) return undefined
  const memorySettings = (memoryBytes: number): ReturnType<Parent['settings']> => [
    { file: 'memory.limit_in_bytes', value: String(memoryBytes) },
    { file: 'memory.memsw.limit_in_bytes', value: String(memoryBytes), isOptional: true },
  ]
  const parents = [
    { folder: memory, settings: memorySettings },
    { folder: pids, settings: () => [{ file: 'pids.max', value: String(THREADS_MAX) }] },
  ]
  return { version: 1, parents, killsFile: 'memory.oom_control' }
}

/** The folder of our own group: where the hierarchy is mounted, and our path below the root of the mount. */
function folderOf({ mountinfo, cgroup }: Said, type: string, option: string, controller: string): string | undefined {
  // proc(5): ID PARENT DEVICE ROOT MOUNT-POINT OPTIONS... - TYPE SOURCE SUPER-OPTIONS
  const mount = mountinfo.split('\n').find((line) => {
    const [, tail = ''] = line.split(' - ')
    const [its, , options = ''] = tail.split(' ')
    return its === type && (option === '' || options.split(',').includes(option))
  })
  const [, , , root, point] = mount?.split(' ') ?? []
  // HIERARCHY:CONTROLLERS:PATH
  const rows = cgroup.split('\n').map((line) => line.split(':'))
  const path = rows.find(([, controllers = '']) => controllers.split(',').includes(controller))?.[2]
  if (root === undefined || point === undefined || path === undefined) return undefined
  const below = relative(root, path)
  return below.startsWith('..') ? undefined : join(point, below)
}

type Group = Cage & { enter(pid: number): boolean }

function makeGroup({ parents, killsFile }: Layout, name: string, memoryBytes: number): Group | undefined {
  const folders = parents.map(({ folder }) => join(folder, name))
  const remove = (): void => void folders.map((folder) => removeSoon(folder, REMOVALS_MAX))
  const isMade = tried(() => {
    for (const [i, { settings }] of parents.entries()) {
      mkdirSync(folders[i]!)
      for (const { file, value, isOptional } of settings(memoryBytes)) {
        const set = (): void => writeFileSync(join(folders[i]!, file), value, { flag: 'r+' })
        if (isOptional) tried(set)
        else set()
      }
    }
    return true
  })
  if (!isMade) return (remove(), undefined)
  return {
    enter: (pid) =>
      tried(() => {
        for (const folder of folders) writeFileSync(join(folder, 'cgroup.procs'), String(pid), { flag: 'r+' })
        return true
      }) ?? false,
    isOutOfMemory: () =>
      tried(() => /^oom_kill [1-9]/m.test(readFileSync(join(folders[0]!, killsFile), 'utf8'))) ?? false,
    remove,
  }
}

const REMOVALS_MAX = 20
const REMOVE_AGAIN_MS = 50

/** A group can be removed once the kernel has let go of its last process, a moment after that ended. */
function removeSoon(folder: string, times: number): void {
  if (tried(() => (rmdirSync(folder), true)) || times === 0) return
  setTimeout(removeSoon, REMOVE_AGAIN_MS, folder, times - 1).unref()
}

/** Groups of services that ended without removing them. */
function removeLeft(folder: string): void {
  for (const name of tried(() => readdirSync(folder)) ?? []) {
    const [, pid] = /^anrf-(\d+)-/.exec(name) ?? []
    if (pid !== undefined && !tried(() => process.kill(Number(pid), 0))) tried(() => rmdirSync(join(folder, name)))
  }
}

/** What is not delegated fails, which is an answer. */
function tried<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
