// The verifier in Go, compiled offline from Debian's packages; absent where those are not installed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type GoVerifier = {
  /** `ok`, or what is wrong with the exported log in the folder. */
  verify(folder: string): Promise<string>
  close(): void
}

const PACKAGES = '/usr/share/gocode'
export const GO_ABSENT = 'Go or golang.org/x/mod is not installed: apt-get install golang-go golang-golang-x-mod-dev'

/** Compiles the verifier in `dir`; undefined when there is no Go here. */
export function buildGoVerifier(dir: string): string | undefined {
  if (!existsSync(join(PACKAGES, 'src/golang.org/x/mod/sumdb/tlog'))) return undefined
  const program = join(dir, 'verify')
  const env = { ...process.env, GOPATH: PACKAGES, GO111MODULE: 'off', GOCACHE: join(dir, 'cache'), GOFLAGS: '' }
  const source = join(import.meta.dirname, 'go/verify.go')
  const { status, error, stderr } = spawnSync('go', ['build', '-o', program, source], { env, encoding: 'utf8' })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined
  if (status !== 0) throw new Error(`the verifier in Go does not compile: ${stderr}`)
  return program
}

export function startGoVerifier(program: string, logKey: string, checkpointFile: string): GoVerifier {
  const child = spawn(program, [logKey, checkpointFile], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    verify: async (folder) => {
      child.stdin.write(`${folder}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('the verifier in Go ended')
      return String(value)
    },
    close: () => void child.stdin.end(),
  }
}
