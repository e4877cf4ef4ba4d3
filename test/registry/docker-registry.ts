// Debian's docker-registry as a child process on loopback.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'

export const INSTALL = 'docker-registry is not installed: apt-get install docker-registry'
export const hasDockerRegistry = spawnSync('docker-registry', ['--version']).status === 0

/** By bcrypt, as `htpasswd -B` writes it. */
const PASSWORD_FILE = 'anrf:$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n'
export const LOGIN = { user: 'anrf', password: 'correct horse' }

export type DockerRegistry = { readonly host: string; readonly close: () => Promise<void> }

/** Starts it on a port of its own; with `login` it lets only LOGIN in. */
export async function startDockerRegistry(login = false): Promise<DockerRegistry> {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-docker-registry-'))
  const host = `127.0.0.1:${await freePort()}`
  writeFileSync(join(dir, 'htpasswd'), PASSWORD_FILE)
  const auth = login ? `auth:\n  htpasswd:\n    realm: test\n    path: ${join(dir, 'htpasswd')}\n` : ''
  const storage = `storage:\n  filesystem:\n    rootdirectory: ${join(dir, 'data')}\n`
  const config = `version: 0.1\nlog:\n  level: error\n${storage}http:\n  addr: ${host}\n${auth}`
  writeFileSync(join(dir, 'config.yml'), config)
  const child = spawn('docker-registry', ['serve', join(dir, 'config.yml')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let i = 0; ; i++) {
    if (
      await fetch(`http://${host}/v2/`).then(
        () => true,
        () => false,
      )
    )
      break
    if (i > 200 || child.exitCode !== null) throw new Error('docker-registry does not start')
    await sleep(50)
  }
  return {
    host,
    close: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
