import { compilePattern } from './compile.ts'
import { parseFlags } from './flags.ts'
import { PatternError } from './parse/cursor.ts'
import { parsePattern, TooDeep } from './parse/pattern.ts'
import type { Program } from './program.ts'
import { Unsupported } from './properties.ts'

/**
 * A pattern made ready, or why it is none: `invalid` with the message of Node's SyntaxError, `deep` when its groups are nested
 * beyond what is allowed, `unsupported` with what this engine leaves out.
 */
export type Compiled =
  | { readonly kind: 'program'; readonly program: Program }
  | { readonly kind: 'invalid' | 'unsupported'; readonly message: string }
  | { readonly kind: 'deep' }

/** Programs of patterns are kept, by flags and text; all are dropped when their texts get too long together. */
const made = new Map<string, Map<string, Compiled>>()
const KEPT_UNITS = 2 ** 20
let keptUnits = 0

let last: { readonly source: string; readonly flags: string; readonly compiled: Compiled } | null = null

/** The program of a pattern. It depends on nothing but its text and flags, so that nobody can tell whether it was made before. */
export function compileRegex(source: string, flags: string): Compiled {
  if (last !== null && last.source === source && last.flags === flags) return last.compiled
  let bySource = made.get(flags)
  if (!bySource) made.set(flags, (bySource = new Map()))
  let compiled = bySource.get(source)
  if (!compiled) {
    compiled = compile(source, flags)
    keptUnits += source.length + 64
    if (keptUnits > KEPT_UNITS) {
      made.clear()
      keptUnits = 0
    } else bySource.set(source, compiled)
  }
  last = { source, flags, compiled }
  return compiled
}

function compile(source: string, flagText: string): Compiled {
  const flags = parseFlags(flagText)
  if (!flags) return { kind: 'invalid', message: `Invalid flags supplied to RegExp constructor '${flagText}'` }
  try {
    return { kind: 'program', program: compilePattern(parsePattern(source, flags), flags) }
  } catch (error) {
    if (error instanceof PatternError)
      return {
        kind: 'invalid',
        message: `Invalid regular expression: /${source}/${[...flagText].sort().join('')}: ${error.reason}`,
      }
    if (error instanceof Unsupported) return { kind: 'unsupported', message: error.message }
    if (error instanceof TooDeep) return { kind: 'deep' }
    throw error
  }
}
