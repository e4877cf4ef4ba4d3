// The worker process: this file, and `zygote/zygote-main.ts`, alone load the engine. It has no environment, no standard input or
// output, and one descriptor, on which it reads and writes frames synchronously: a blocked read costs less than an event loop.
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import type { IsolationLevel } from '../base/index.ts'
import { BREAK_OUT, lockDown } from './isolation/lock-down.ts'
import { rehearse } from './rehearse.ts'
import { serve } from './serve.ts'
import { CHANNEL_FD, encodeFrame, FRAME, NO_NONCE } from './wire.ts'

const [level, dataBytes, word] = process.argv.slice(2)
rehearse(1)
// Workers end by SIGKILL, when Node would write nothing: so what this start compiled is written now.
if (level === 'none') flushCompileCache()
// Everything is loaded, and nothing untrusted was read.
const confined = await lockDown(level as IsolationLevel, Number(dataBytes))
if (word === BREAK_OUT) {
  writeSync(CHANNEL_FD, encodeFrame(FRAME.ready, NO_NONCE))
  confined.breakOut()
  confined.leave(0)
} else serve(confined)
