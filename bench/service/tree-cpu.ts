import { globSync, readFileSync } from 'node:fs'

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
    // proc(5): fields from behind the name; 4 is the parent, 14 to 17 are the times of the process and of its ended children.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return [{ pid: Number.parseInt(text), parent: Number(fields[1]), ms: ticks * TICK_MS }]
  } catch {
    return []
  }
}
