import type { EffectAnswer, EffectPort } from '../effects/index.ts'

/**
 * The way to the world of a run that may have to begin anew in another engine. `first` keeps the answers that it hands over;
 * `again` tells a second run the same, which asks the same since programs do the same each time, and then goes on with the port.
 */
export function resumablePort(port: EffectPort): { readonly first: EffectPort; again(): EffectPort } {
  const answers: (EffectAnswer | undefined)[] = []
  let [starts, cancels] = [0, 0]
  const first: EffectPort = {
    start: (call) => {
      starts++
      port.start(call)
    },
    cancel: (sequence) => {
      cancels++
      port.cancel(sequence)
    },
    next: (left) => {
      const answer = port.next(left)
      answers.push(answer)
      return answer
    },
  }
  const again = (): EffectPort => {
    let [startsLeft, cancelsLeft, next] = [starts, cancels, 0]
    return {
      start: (call) => (startsLeft > 0 ? void startsLeft-- : port.start(call)),
      cancel: (sequence) => (cancelsLeft > 0 ? void cancelsLeft-- : port.cancel(sequence)),
      next: (left) => (next < answers.length ? answers[next++] : port.next(left)),
    }
  }
  return { first, again }
}
