// A process that is ready to be forked: it has loaded and rehearsed everything, and never reads a byte of a program. Each child is a
// worker, which confines itself before it reads. See docs/decisions/0031.
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { resolveMode, type IsolationLevel, type Mode } from '../../base/index.ts'
import { openLibc } from '../isolation/libc.ts'
import { confine, findWakes, type Confined } from '../isolation/lock-down.ts'
import { buildFilter } from '../isolation/bpf.ts'
import { numberOf, processorOf } from '../isolation/numbers.ts'
import { receiveRights } from '../isolation/rights.ts'
import { rehearse } from '../rehearse.ts'
import { collect } from '../run-meter.ts'
import { serve } from '../serve.ts'
import { CHANNEL_FD, encodeFrame, FRAME, NO_NONCE } from '../wire.ts'
import { takePlaces } from './child.ts'
import {
  ALIVE,
  BREAK_OUT,
  DESCRIPTORS_PER_FORK,
  encodeAnswer,
  FAILED,
  FORK,
  ORDER_BYTES,
  type Answer,
} from './orders.ts'

const STDERR_FD = 2
const WNOHANG = 1
/** So often that what a run does is compiled, once for all children; the second mode compiles each time and takes longer. */
const ROUNDS: Readonly<Record<Mode, number>> = { interpret: 60, jit: 8 }

const [level, dataBytes] = process.argv.slice(2)
const libc = await openLibc()
/** What wakes event loops: the numbers are the same in a child. */
const wakes = findWakes()
const order = Buffer.alloc(ORDER_BYTES)

/** In the child it does not return. */
function fork([channel, stderr]: readonly number[], work: (confined: Confined) => never): Answer {
  if (channel === undefined || stderr === undefined) return { id: 0, status: FAILED }
  const id = libc.fork()
  if (id === 0) beWorker(channel, stderr, work)
  for (const descriptor of [channel, stderr]) libc.call(numberOf('close'), descriptor)
  return { id, status: id > 0 ? ALIVE : FAILED }
}

function beWorker(channel: number, stderr: number, work: (confined: Confined) => never): never {
  try {
    takePlaces(libc, channel, stderr, wakes)
    const confined = confine(libc, level as Exclude<IsolationLevel, 'none'>, Number(dataBytes), wakes)
    // Pages that a run writes to become the child's own now, while nobody waits: those of the usual mode, since it costs milliseconds.
    rehearse(1, [resolveMode()])
    return work(confined)
  } catch (error) {
    // Whatever fails here, there must not be two who answer as the zygote.
    writeSync(STDERR_FD, `${String(error)}\n`)
    return leave(1)
  }
}

/** Shows that a child of this zygote can do a run, and that a forbidden call ends it. */
function breakOut(confined: Confined): never {
  writeSync(CHANNEL_FD, encodeFrame(FRAME.ready, NO_NONCE))
  confined.breakOut()
  return confined.leave(0)
}

function obey(asked: number, descriptors: readonly number[]): Answer {
  if (asked === FORK) return fork(descriptors, serve)
  return asked === BREAK_OUT ? fork(descriptors, breakOut) : bury(asked)
}

function leave(code: number): never {
  libc.call(numberOf('exit_group'), code)
  throw new Error('exit_group(2) does not return')
}

/** How a child ended. It stays known until this was asked, so that its id is of no other process. */
function bury(id: number): Answer {
  const status = Buffer.alloc(4)
  const ended = libc.call(numberOf('wait4'), id, status, WNOHANG, 0n)
  return { id, status: ended === BigInt(id) ? status.readInt32LE() : ended === 0n ? ALIVE : FAILED }
}

rehearse(1)
if (level === 'none') {
  // Only to leave its compiled form for those that may not write.
  flushCompileCache()
  leave(0)
}
for (const mode of Object.keys(ROUNDS) as Mode[]) rehearse(ROUNDS[mode], [mode])
buildFilter('inner', processorOf()!, { self: process.pid, wakes })
collect()
writeSync(CHANNEL_FD, encodeAnswer({ id: FORK, status: 0 }))
for (;;) {
  const { count, descriptors } = receiveRights(libc, CHANNEL_FD, order, DESCRIPTORS_PER_FORK)
  if (count !== ORDER_BYTES) break
  writeSync(CHANNEL_FD, encodeAnswer(obey(order.readInt32LE(), descriptors)))
}
leave(0)
