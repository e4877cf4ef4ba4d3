import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { BackupError, backupStore, type StoreReport } from '../../../audit/index.ts'
import { StoreError, type CopyProgress } from '../../../store/index.ts'
import { reasonOf } from '../arguments.ts'
import { dataFolder } from '../audit-log.ts'
import type { CommandModule, Options } from '../commands.ts'
import { UsageError, type Terminal } from '../terminal.ts'

const ARCHIVE = /\.(tar|tar\.gz|tgz)$/

export const execute: CommandModule['execute'] = async (terminal, args, options) => {
  const target = resolve(terminal.folder, args[0]!)
  const folder = dataFolder(terminal, options)
  try {
    const report = ARCHIVE.test(target)
      ? await backupToArchive(terminal, options, folder, target)
      : await backup(terminal, options, folder, target)
    const { blobs, audit } = report
    const text = `${target}: checked, ${blobs} blobs, ${audit.size} audit entries\n`
    terminal.out(options['json'] ? `${JSON.stringify({ backup: target, blobs, audit })}\n` : text)
    return 'ok'
  } catch (error) {
    if (terminal.stopped.aborted) return 'interrupted'
    if (error instanceof BackupError || error instanceof StoreError)
      throw new UsageError(`cannot back up ${folder}: ${error.message}`)
    if ((error as NodeJS.ErrnoException).syscall !== undefined)
      throw new UsageError(`cannot write ${args[0]}: ${reasonOf(error)}`)
    throw error
  }
}

function backup(terminal: Terminal, options: Options, folder: string, target: string): Promise<StoreReport> {
  const onProgress = ({ part, done, of }: CopyProgress): void => terminal.err(`${part} ${done} of ${of}\r`)
  return backupStore(folder, target, { ...(options['json'] ? {} : { onProgress }), signal: terminal.stopped })
}

/** One file by the system's tar, which has its name only when it is whole. */
async function backupToArchive(
  terminal: Terminal,
  options: Options,
  folder: string,
  target: string,
): Promise<StoreReport> {
  if (existsSync(target)) throw new BackupError(`${target} is there already`)
  const work = await mkdtemp(join(dirname(target), '.anrf-backup-'))
  try {
    const report = await backup(terminal, options, folder, join(work, 'store'))
    await runTar([target.endsWith('.tar') ? '-cf' : '-czf', join(work, 'archive'), '-C', join(work, 'store'), '.'])
    // It has the private keys. Until now only the folder around it kept others away.
    await chmod(join(work, 'archive'), 0o600)
    await rename(join(work, 'archive'), target)
    return report
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function runTar(args: readonly string[]): Promise<void> {
  const child = spawn('tar', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new BackupError(`tar failed: ${said.trim()}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new BackupError('there is no tar on this machine: name a folder instead of an archive')
  }
}
