import { NO_ISOLATION, type Exit, type Isolation, type Launched, type LaunchSpec } from '../launch.ts'
import { encodeFrame, FRAME, NO_NONCE } from '../wire.ts'
import { BREAK_OUT } from './lock-down.ts'

const HEAP_BYTES = 256 * 2 ** 20
/** A start takes a tenth of a second on a quiet machine, and a hundred times that on one that is very busy. */
const PROOF_MS_MAX = 60_000
const READY = encodeFrame(FRAME.ready, NO_NONCE)

/** Why a level is not proved. One that is late may well hold: the machine is too busy to say. */
export type Doubt = { readonly reason: string; readonly isLate: boolean }

/**
 * Whether a level holds on this machine: a worker of it is started that proves its own confinement as every worker does, says
 * that it is ready, and then asks the kernel what must end it by SIGSYS. Undefined when all of this happened within `msMax`, else why not.
 */
export async function doubt({ launch }: Isolation, msMax = PROOF_MS_MAX): Promise<Doubt | undefined> {
  const launched = launch({ heapBytes: HEAP_BYTES, words: [BREAK_OUT] })
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    launched.kill()
  }, msMax)
  const said = await readAll(launched)
  const exit = await launched.exited
  clearTimeout(timer)
  const isProved = said.equals(READY) && exit.signal === 'SIGSYS'
  if (isProved) return undefined
  if (isLate) return { reason: `its proof took more than ${msMax / 1000} s`, isLate }
  const reason = reasonOf(exit)
  return { reason: said.equals(READY) ? `a forbidden call did not end the process: ${reason}` : reason, isLate }
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
