import { NO_ISOLATION, type Exit, type Isolation, type Launched, type LaunchSpec } from '../launch.ts'
import { encodeFrame, FRAME, NO_NONCE } from '../wire.ts'
import { BREAK_OUT } from './lock-down.ts'

const HEAP_BYTES = 256 * 2 ** 20
/** A start takes a tenth of a second on a quiet machine; nothing else may hang. */
const PROOF_MS_MAX = 20_000
const READY = encodeFrame(FRAME.ready, NO_NONCE)

/**
 * Whether a level holds on this machine: a worker of it is started that proves its own confinement as every worker does, says
 * that it is ready, and then asks the kernel what must end it by SIGSYS. Undefined when all of this happened, else why not.
 */
export async function refute({ launch }: Isolation): Promise<string | undefined> {
  const launched = launch({ heapBytes: HEAP_BYTES, words: [BREAK_OUT] })
  const timer = setTimeout(() => launched.kill(), PROOF_MS_MAX)
  const said = await readAll(launched)
  const exit = await launched.exited
  clearTimeout(timer)
  if (!said.equals(READY)) return reasonOf(exit)
  return exit.signal === 'SIGSYS' ? undefined : `a forbidden call did not end the process: ${reasonOf(exit)}`
}

/**
 * Starts a worker, or another script of ours, without isolation and without work: it leaves the compiled form of our files for those
 * that may not write. Node keeps a form for each set of flags.
 */
export async function keepCompiledForm(spec: Partial<LaunchSpec> = {}): Promise<void> {
  const launched = NO_ISOLATION.launch({ heapBytes: HEAP_BYTES, ...spec })
  launched.stream.once('data', () => launched.kill())
  await launched.exited
}

async function readAll({ stream }: Launched): Promise<Buffer> {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise<void>((resolve) => {
    stream.once('error', () => resolve())
    stream.once('close', () => resolve())
  })
  return Buffer.concat(chunks)
}

/** The line that says it, among what a process wrote before it ended. */
function reasonOf({ code, signal, stderr }: Exit): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.find((line) => /^(\w*Error|bwrap|runc)\b/.test(line)) ?? lines.at(-1)
  return telling?.trim() ?? `it ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`
}
