import type { EffectPort } from '../../src/effects/index.ts'

/** A world with nothing but a clock, which goes on at once to when the next sleep ends. Equal ends come in the order of the calls. */
export function sleepPort(): EffectPort {
  let elapsed = 0
  const sleeping: { readonly sequence: number; readonly due: number }[] = []
  const cancel = (sequence: number): void => {
    const at = sleeping.findIndex((sleep) => sleep.sequence === sequence)
    if (at >= 0) sleeping.splice(at, 1)
  }
  return {
    start: ({ sequence, args }) => {
      sleeping.push({ sequence, due: elapsed + (JSON.parse(args) as { ms: number }).ms })
      sleeping.sort((a, b) => a.due - b.due || a.sequence - b.sequence)
    },
    cancel,
    next: () => {
      const first = sleeping.shift()
      if (!first) return undefined
      elapsed = Math.max(elapsed, first.due)
      return { sequence: first.sequence, elapsed, text: '{"value":null}' }
    },
  }
}
