import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Asking, Load, Target } from './load.ts'
import type { SubjectName } from './subjects.ts'

/** A subject that serves in a process of its own; it ends with its standard input. */
export type Server = { readonly name: SubjectName; readonly process: ChildProcess; readonly target: Target }

/** Starts a subject; undefined when it cannot be measured here. */
export async function startServer(name: SubjectName): Promise<Server | undefined> {
  const args = [join(import.meta.dirname, 'server.ts'), name]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [])])) as [Buffer?]
  return line && { name, process: child, target: JSON.parse(line.toString()) as Target }
}

const CLIENT = join(import.meta.dirname, 'load.ts')

/** Asks from another process, and waits. */
export function load(asking: Asking): Load {
  const input = JSON.stringify(asking)
  return JSON.parse(execFileSync(process.execPath, [CLIENT], { input, encoding: 'utf8' })) as Load
}

/** Asks from another process while this one does other things. */
export async function loadMeanwhile(asking: Asking): Promise<Load> {
  const child = spawn(process.execPath, [CLIENT], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(asking))
  const chunks = await child.stdout.toArray()
  return JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Load
}

/** Throws unless every answer was a success. */
export function expectSuccess({ answers }: Load): void {
  const others = Object.entries(answers).filter(([status]) => status !== '200')
  if (others.length > 0) throw new Error(`answers that are no success: ${JSON.stringify(Object.fromEntries(others))}`)
}
