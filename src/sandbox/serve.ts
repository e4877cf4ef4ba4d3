import { readSync, writeSync } from 'node:fs'
import { openChannel } from './channel.ts'
import type { Confined } from './isolation/lock-down.ts'
import { Runner } from './serve-run.ts'
import { CHANNEL_FD, FRAME, NO_NONCE } from './wire.ts'

const STDERR_FD = 2

/** Says that this process is ready and does the runs that its parent asks for, until that is gone. */
export function serve({ leave }: Confined): never {
  try {
    const port = {
      read: (into: Buffer) => readSync(CHANNEL_FD, into),
      write: (bytes: Uint8Array) => writeSync(CHANNEL_FD, bytes),
    }
    const channel = openChannel(port, () => leave(0))
    const runner = new Runner(channel)
    channel.send(FRAME.ready, NO_NONCE)
    for (;;) {
      runner.serveRun()
      runner.rest()
    }
  } catch (error) {
    writeSync(STDERR_FD, describeDefect(error))
    return leave(1)
  }
}

/** A defect of ours is told on standard error, for the operator. */
function describeDefect(error: unknown): string {
  return `${error instanceof Error ? error.stack : String(error)}\n`
}
