// The worker process: the only file of this folder that loads the engine. It has no environment, no standard input or
// output, and one descriptor, on which it reads and writes frames synchronously: a blocked read costs less than an event loop.
import type { IsolationLevel } from '../base/index.ts'
import { readSync, writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { openChannel } from './channel.ts'
import { BREAK_OUT, lockDown, type Confined } from './isolation/lock-down.ts'
import { rehearse } from './rehearse.ts'
import { collect, heapBytes } from './run-meter.ts'
import { Runner } from './serve-run.ts'
import { CHANNEL_FD, encodeFrame, FRAME, NO_NONCE } from './wire.ts'

const STDERR_FD = 2
/** Garbage that may stay between runs before it is collected while nobody waits. */
const IDLE_GARBAGE_BYTES = 32 * 2 ** 20

function serve({ leave }: Confined): void {
  const channel = openChannel(
    { read: (into) => readSync(CHANNEL_FD, into), write: (bytes) => writeSync(CHANNEL_FD, bytes) },
    () => leave(0),
  )
  const runner = new Runner(channel)
  channel.send(FRAME.ready, NO_NONCE)
  for (let quietBytes = heapBytes(); ;) {
    runner.serveRun()
    if (heapBytes() - quietBytes < IDLE_GARBAGE_BYTES) continue
    collect()
    quietBytes = heapBytes()
  }
}

/** A defect of ours is told on standard error, for the operator. */
function describeDefect(error: unknown): string {
  return `${error instanceof Error ? error.stack : String(error)}\n`
}

const [level, dataBytes, word] = process.argv.slice(2)
rehearse(1)
// Workers end by SIGKILL, when Node would write nothing: so what this start compiled is written now.
if (level === 'none') flushCompileCache()
// Everything is loaded, and nothing untrusted was read.
const confined: Confined = await lockDown(level as IsolationLevel, Number(dataBytes))
try {
  if (word === BREAK_OUT) {
    writeSync(CHANNEL_FD, encodeFrame(FRAME.ready, NO_NONCE))
    confined.breakOut()
  } else serve(confined)
  confined.leave(0)
} catch (error) {
  writeSync(STDERR_FD, describeDefect(error))
  confined.leave(1)
}
