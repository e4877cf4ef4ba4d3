import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

const TICK_MS = 10

type Process = { readonly pid: number; readonly parent: number; readonly ms: number }

/** CPU time in ms of a process, those below it, and those of them that ended and were waited for. Linux only. */
export function treeCpuMs(root: number): number {
  const all = globSync('/proc/[0-9]*/stat').flatMap(readProcess)
  const tree = new Set([root])
  // Parents are older than their children, but numbers may come round: look until nobody is added.
  for (let size = 0; size < tree.size;) {
    size = tree.size
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid)
  }
  return all.reduce((sum, { pid, ms }) => (tree.has(pid) ? sum + ms : sum), 0)
}

function readProcess(path: string): Process[] {
  try {
    const text = readFileSync(path, 'latin1')
    // proc(5): fields from behind the name; 4 is the parent, 16 and 17 are the times of its ended children.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ended = (Number(fields[13]) + Number(fields[14])) * TICK_MS
    return [{ pid: Number.parseInt(text), parent: Number(fields[1]), ms: threadsMs(dirname(path)) + ended }]
  } catch {
    return []
  }
}

/** Of the threads that a process has, to the nanosecond: its own times are in ticks, and hundreds of requests go into one. */
function threadsMs(folder: string): number {
  const times = globSync(`${folder}/task/*/schedstat`).map((path) => Number.parseInt(readFileSync(path, 'latin1')))
  return times.reduce((sum, ns) => sum + ns, 0) / 1e6
}
