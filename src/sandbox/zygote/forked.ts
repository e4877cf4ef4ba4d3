import { Socket } from 'node:net'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDead, readUsage, type ProcessUsage } from '../isolation/usage.ts'
import { killProcess, signalName, STDERR_BYTES_MAX, type Exit, type Launched } from '../launch.ts'
import { ALIVE, FAILED, type Answer } from './orders.ts'

/** What a child needs of the zygote that it was forked from. */
export type Parent = {
  /** Asks how a child ended; undefined when the zygote is no more. */
  bury(id: number): Promise<Answer | undefined>
  /** The process of this machine that a child is; undefined when it cannot be found. */
  pidOf(id: number): number | undefined
  /** Ends all, where one of them cannot be ended by itself. */
  kill(): void
  /** When the zygote has ended, and with it everything that it forked. */
  readonly ended: Promise<unknown>
}

const ASK_AGAIN_MS_MAX = 50
/** A zygote that is at rest answers at once. */
const ANSWER_MS_MAX = 20
const LATE = Symbol('late')
const SIGKILL = constants.signals.SIGKILL
const LOST: Exit = {
  code: null,
  signal: 'SIGKILL',
  stderr: 'the process that it was forked from has ended',
  isOrphan: true,
}
const NOT_FORKED: Exit = { code: null, signal: null, stderr: 'the zygote could not fork' }

/** A worker that is being forked: `channel` and `stderr` are our ends of its sockets, `answer` what the zygote says. */
export function watchFork(
  parent: Parent,
  channel: number,
  stderr: number,
  answer: Promise<Answer | undefined>,
): Launched {
  // Nothing is read before it is known which process it is.
  const stream = new Socket({ fd: channel }).pause()
  const isClosed = closed(stream)
  const words = collectWords(new Socket({ fd: stderr, writable: false }))
  let pid: number | undefined
  let isToDie = false
  let hasEnded = false
  const processId = (): number | undefined => (hasEnded ? undefined : pid)
  const end = (): void => {
    const running = processId()
    if (running !== undefined) killProcess(running)
  }
  const kill = (): void => {
    isToDie = true
    end()
    stream.destroy()
  }
  const lost = parent.ended.then(async () => {
    // The kernel ends it with the zygote, in a moment.
    for (end(); !isDead(pid);) await sleep(1)
    hasEnded = true
    stream.destroy()
    return LOST
  })
  const live = async (): Promise<Exit> => {
    const { id = 0, status } = (await answer) ?? {}
    if (status !== ALIVE) return (stream.destroy(), NOT_FORKED)
    pid = parent.pidOf(id)
    // One that cannot be ended must not be.
    if (pid === undefined) parent.kill()
    else if (isToDie) end()
    else stream.resume()
    await isClosed
    const ending = await awaitEnd(parent, id, () => isToDie && isDead(pid))
    if (ending === undefined) return lost
    hasEnded = true
    return { ...exitOf(ending.status), stderr: await words }
  }
  return {
    stream,
    kill,
    usage: (): ProcessUsage | undefined => readUsage(processId()),
    processId,
    exited: Promise.race([live(), lost]),
    get pid() {
      return pid
    },
  }
}

/** The end of all that comes, once there is no more. */
function collectWords(stderr: Socket): Promise<string> {
  let words = ''
  stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString('latin1')).slice(-STDERR_BYTES_MAX)))
  stderr.on('error', () => undefined)
  return closed(stderr).then(() => words)
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()))

/**
 * A process lets go of its sockets a moment before it has ended, or at any time it likes: who waits for that ends it. One that we
 * killed has ended although the zygote has no time to say so, which is not waited for.
 */
async function awaitEnd(parent: Parent, id: number, hasDiedByUs: () => boolean): Promise<Answer | undefined> {
  let asked = parent.bury(id)
  for (let ms = 1; ;) {
    const answer = await Promise.race([asked, sleep(ANSWER_MS_MAX, LATE)])
    if (answer === LATE) {
      if (hasDiedByUs()) return { id, status: SIGKILL }
      continue
    }
    if (answer?.status !== ALIVE) return answer
    await sleep(ms)
    ms = Math.min(2 * ms, ASK_AGAIN_MS_MAX)
    asked = parent.bury(id)
  }
}

/** waitpid(2): the low seven bits are the signal, the next byte behind these the code. */
function exitOf(status: number): Omit<Exit, 'stderr'> {
  if (status === FAILED) return { code: null, signal: null }
  const signal = status & 0x7f
  return signal === 0 ? { code: (status >> 8) & 0xff, signal: null } : { code: null, signal: signalName(signal) }
}
