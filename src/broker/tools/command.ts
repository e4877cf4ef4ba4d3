import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { readJson } from '../../base/index.ts'
import { EffectFailure } from '../failure.ts'
import type { Json } from '../context.ts'
import type { ToolCall, ToolRun } from './tool.ts'

type Ended = { readonly code: number | null; readonly stdout: Buffer; readonly stderr: string }

const STDERR_SHOWN_MAX = 500

/**
 * A tool that is a command: the input on its standard input, the output on its standard output, both JSON; no shell, an
 * empty environment. It and what it started end with the call.
 */
export function bindCommand(argv: readonly string[], folder: string, outputBytesMax: number): ToolRun {
  return async (input, call) => {
    const { code, stdout, stderr } = await runCommand(argv, folder, input, outputBytesMax, call)
    if (code !== 0) {
      const said = call.secrets.redactText(stderr.trim()).slice(-STDERR_SHOWN_MAX)
      throw failed(call, `it ended with ${code ?? 'a signal'}${said === '' ? '' : `: ${said}`}`)
    }
    const read = readJson(call.secrets.redact(stdout))
    if (!read.ok) throw failed(call, `its output is no JSON: ${read.message}`)
    return read.value
  }
}

function runCommand(
  [command, ...args]: readonly string[],
  cwd: string,
  input: Json,
  outputBytesMax: number,
  call: ToolCall,
): Promise<Ended> {
  const { signal, meter } = call
  return new Promise((resolve, reject) => {
    // A group of its own, so that its children end with it.
    const child = spawn(command!, args, { cwd, env: {}, detached: true, stdio: 'pipe' })
    const stop = (error: unknown): void => {
      killGroup(child)
      reject(error as Error)
    }
    const give = (): void => stop(givenUp(call))
    signal.addEventListener('abort', give, { once: true })
    const stdout: Buffer[] = []
    let stderr = ''
    let total = 0
    child.stdout.on('data', (chunk: Buffer) => {
      total += chunk.length
      if (total > outputBytesMax)
        return stop(new EffectFailure('too-large', `${call.name}: its output has more than ${outputBytesMax} bytes`))
      try {
        meter.takeIn(chunk.length)
      } catch (error) {
        return stop(error)
      }
      stdout.push(chunk)
    })
    child.stderr.on(
      'data',
      (chunk: Buffer) => (stderr = (stderr + chunk.toString('latin1')).slice(-2 * STDERR_SHOWN_MAX)),
    )
    child.on('error', (error: NodeJS.ErrnoException) =>
      stop(failed(call, `it cannot be started (${error.code ?? 'without a code'})`)),
    )
    child.on('close', (code) => {
      signal.removeEventListener('abort', give)
      killGroup(child)
      resolve({ code, stdout: Buffer.concat(stdout), stderr })
    })
    // Whoever does not read the input may still have an output.
    child.stdin.on('error', () => undefined)
    child.stdin.end(JSON.stringify(input))
    if (signal.aborted) give()
  })
}

function killGroup({ pid }: ChildProcessWithoutNullStreams): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}

const failed = ({ name }: ToolCall, why: string): EffectFailure => new EffectFailure('failed', `${name}: ${why}`)

export function givenUp({ name, signal }: Pick<ToolCall, 'name' | 'signal'>): EffectFailure {
  const isTimeout = (signal.reason as Error | undefined)?.name === 'TimeoutError'
  return new EffectFailure(
    isTimeout ? 'timeout' : 'cancelled',
    `${name}: it ${isTimeout ? 'took too long' : 'was given up'}`,
  )
}
