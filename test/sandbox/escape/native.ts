import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'build')

/** One attempt of attempts.c. */
export type Attempt = { readonly index: number; readonly group: string; readonly name: string }

/** Compiles the attempts to a program; undefined where there is no C compiler. */
export function compileAttempts(): string | undefined {
  mkdirSync(FOLDER, { recursive: true })
  const program = join(FOLDER, 'attempts')
  const args = ['-O1', '-Wall', '-Wextra', '-Werror', '-o', program, join(import.meta.dirname, 'attempts.c')]
  for (const compiler of ['gcc', 'cc', 'clang']) {
    const run = spawnSync(compiler, args, { encoding: 'utf8' })
    if (run.status === 0) return program
    if (run.error === undefined) throw new Error(`the attempts do not compile:\n${run.stderr}`)
  }
  return undefined
}

/** The attempts of a program, in its order. */
export function listAttempts(program: string): Attempt[] {
  const lines = spawnSync(program, ['list'], { encoding: 'utf8' }).stdout.trim().split('\n')
  return lines.map((line, index) => {
    const [, group, name] = /^(.*) (\w+)$/.exec(line)!
    return { index, group: group!, name: name! }
  })
}
