import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ColumnName } from './columns.ts'
import type { Ending } from './run-column.ts'

/** Who makes the attempts: the user of this process, or an ordinary one, where this process may become it. */
export const USERS = process.getuid?.() === 0 ? (['root', 'user'] as const) : (['user'] as const)
export type UserName = (typeof USERS)[number]

export type Endings = Readonly<Record<string, Ending>>
/** The level cannot be had here, and what would mend that. */
export type Refused = { readonly refused: string }

const NOBODY = 65_534
/** Behind a gap: Node closes what it inherited only up to the first number that is free. */
const LEAKED_FD = 40

/** Every attempt in one column as one user. The process that starts the workers has a secret in its environment and an open file. */
export async function runColumn(column: ColumnName, user: UserName, program: string): Promise<Endings | Refused> {
  const folder = mkdtempSync(join(tmpdir(), 'anrf-leaked-'))
  writeFileSync(join(folder, 'secret'), 'secret')
  const secret = openSync(join(folder, 'secret'), 'r')
  const identity = process.getuid?.() === 0 && user === 'user' ? { uid: NOBODY, gid: NOBODY } : {}
  const gap = Array.from({ length: LEAKED_FD - 3 }, () => 'ignore' as const)
  const args = ['--no-warnings', join(import.meta.dirname, 'run-column.ts'), column, program, String(LEAKED_FD)]
  const child = spawn(process.execPath, args, {
    ...identity,
    cwd: '/',
    env: { PATH: process.env['PATH'], ANRF_ESCAPE_SECRET: 'secret' },
    stdio: ['ignore', 'pipe', 'pipe', ...gap, secret],
  })
  const said = { out: '', err: '' }
  child.stdout!.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr!.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const code = await new Promise((resolve) => child.once('close', resolve))
  closeSync(secret)
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0) throw new Error(`${column} as ${user}: ${said.err}`)
  return JSON.parse(said.out) as Endings | Refused
}
