import type { Flags } from './node.ts'

/** The flags that a text names, null when it names one twice, one that is not there, or both u and v (22.2.3.3). */
export function parseFlags(text: string): Flags | null {
  const letters = new Set(text)
  if (letters.size !== text.length || /[^dgimsuvy]/.test(text)) return null
  if (letters.has('u') && letters.has('v')) return null
  return {
    global: letters.has('g'),
    ignoreCase: letters.has('i'),
    multiline: letters.has('m'),
    dotAll: letters.has('s'),
    sticky: letters.has('y'),
    unicode: letters.has('u') || letters.has('v'),
    sets: letters.has('v'),
  }
}
