import { PROGRAM_CALL, type EffectPort, type Left } from '../../src/effects/index.ts'
import { scriptedWorld, type ScriptedWorld } from './scripted-world.ts'

type Waiting = { readonly sequence: number; readonly due: number; readonly text: string; readonly isProgram: boolean }

/**
 * The scripted world as a port, whose clock goes on at once to when the next answer comes. Equal times keep the order of the calls.
 * Programs that are called take a quarter of what their caller has left, and give a part back with the next answer.
 */
export function scriptedPort(): EffectPort {
  const { answer, delay } = robust(scriptedWorld())
  const waiting: Waiting[] = []
  let elapsed = 0
  let taken: Left = { fuel: 0, allocation: 0 }
  return {
    start: ({ sequence, name, args }) => {
      const isProgram = name === PROGRAM_CALL
      waiting.push({ sequence, due: elapsed + delay(name, args), text: answer(name, args), isProgram })
      waiting.sort((a, b) => a.due - b.due || a.sequence - b.sequence)
    },
    cancel: (sequence) => {
      const at = waiting.findIndex((one) => one.sequence === sequence)
      if (at >= 0) waiting.splice(at, 1)
    },
    next: (left) => {
      const first = waiting.shift()
      if (!first) return undefined
      elapsed = Math.max(elapsed, first.due)
      taken = first.isProgram ? mapLeft((name) => taken[name] + Math.floor(left[name] / 4)) : mapLeft((name) => Math.ceil(taken[name] / 3))
      return { sequence: first.sequence, elapsed, text: first.text, taken }
    },
  }
}

const mapLeft = (make: (name: keyof Left) => number): Left => ({ fuel: make('fuel'), allocation: make('allocation') })

const BROKEN = JSON.stringify({ error: { name: 'arguments', message: 'the call is not understood' } })

/** Modules of the library say only what the world understands; random IR says anything. */
function robust(world: ScriptedWorld): ScriptedWorld {
  const guarded = <T>(work: (name: string, args: string) => T, otherwise: T) => (name: string, args: string): T => {
    try {
      return work(name, args)
    } catch {
      return otherwise
    }
  }
  return { answer: guarded(world.answer, BROKEN), delay: guarded(world.delay, 1) }
}
