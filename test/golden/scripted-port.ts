import type { EffectPort } from '../../src/effects/index.ts'
import { scriptedWorld, type ScriptedWorld } from './scripted-world.ts'

type Waiting = { readonly sequence: number; readonly due: number; readonly text: string }

/** The scripted world as a port, whose clock goes on at once to when the next answer comes. Equal times keep the order of the calls. */
export function scriptedPort(): EffectPort {
  const { answer, delay } = robust(scriptedWorld())
  const waiting: Waiting[] = []
  let elapsed = 0
  return {
    start: ({ sequence, name, args }) => {
      waiting.push({ sequence, due: elapsed + delay(name, args), text: answer(name, args) })
      waiting.sort((a, b) => a.due - b.due || a.sequence - b.sequence)
    },
    cancel: (sequence) => {
      const at = waiting.findIndex((one) => one.sequence === sequence)
      if (at >= 0) waiting.splice(at, 1)
    },
    next: () => {
      const first = waiting.shift()
      if (!first) return undefined
      elapsed = Math.max(elapsed, first.due)
      return { sequence: first.sequence, elapsed, text: first.text }
    },
  }
}

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
