import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { getQuickJS } from 'quickjs-emscripten'
import ts from 'typescript'
import type { Runner } from './measure.ts'
import { readSource } from './programs.ts'

/** The program with its types and `export` erased, as a script that defines `run`. */
export function toScript(source: string): string {
  const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext }
  return ts.transpileModule(source, { compilerOptions: options }).outputText.replaceAll(/^export /gm, '')
}

/** The program in quickjs-emscripten, in this process. Throws when the script does not load. */
export async function openInQuickJs(name: string): Promise<Runner> {
  const context = (await getQuickJS()).newContext()
  context.unwrapResult(context.evalCode(toScript(readSource(name)))).dispose()
  return {
    run(n) {
      const handle = context.unwrapResult(context.evalCode(`run(${n})`))
      const value = context.getNumber(handle)
      handle.dispose()
      return value
    },
    dispose: () => context.dispose(),
  }
}

/** The program in the Node that runs this benchmark, compiled by V8 as it sees fit. */
export async function openInNode(name: string): Promise<Runner> {
  const url = `data:text/javascript,${encodeURIComponent(`${toScript(readSource(name))}\nexport { run }`)}`
  const program = (await import(url)) as { run(n: number): number }
  return { run: (n) => program.run(n), dispose: () => undefined }
}

const PORTS = join(import.meta.dirname, 'ports')

/** Peers that run a port of some programs in a process of their own. */
export const FOREIGN = {
  luajit: { command: 'luajit', extension: 'lua', install: 'apt-get install luajit' },
  pypy: { command: 'pypy3', extension: 'py', install: 'apt-get install pypy3' },
} as const

export type Foreign = keyof typeof FOREIGN

/** Whether a peer is there to be run. */
export function isInstalled(peer: Foreign): boolean {
  return spawnSync(FOREIGN[peer].command, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** CPU times in ms of a port after a first run, and its checksum; nothing when there is no port of the program. */
export function timeForeign(
  peer: Foreign,
  program: string,
  n: number,
  rounds: number,
): { readonly times: readonly number[]; readonly checksum: number } | undefined {
  const { command, extension } = FOREIGN[peer]
  const port = join(PORTS, `${program}.${extension}`)
  if (!existsSync(port)) return undefined
  const args = [join(PORTS, `run.${extension}`), port, String(n), String(rounds)]
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed on ${program}: ${stderr}`)
  const lines = stdout.trim().split('\n')
  return { times: lines.map((line) => Number(line.split(' ')[0])), checksum: Number(lines[0]!.split(' ')[1]) }
}
