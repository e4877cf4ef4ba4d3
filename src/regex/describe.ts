import { canBeEmpty } from './analyse.ts'
import { compileRegex } from './cache.ts'
import { parseFlags } from './flags.ts'
import type { Node } from './node.ts'
import { parsePattern } from './parse/pattern.ts'

/** What can be told of a pattern without matching it. */
export type PatternFacts = {
  readonly global: boolean
  readonly groupCount: number
  /** Every group takes part in every match. */
  readonly certain: boolean
  /** Names of groups, in the order of the pattern, each once. */
  readonly names: readonly string[]
}

/** The facts of a pattern; null when it is none that can be matched. */
export function describePattern(source: string, flagText: string): PatternFacts | null {
  const flags = parseFlags(flagText)
  if (!flags || compileRegex(source, flagText).kind !== 'program') return null
  const { body, groupCount, names } = parsePattern(source, flags)
  return {
    global: flags.global,
    groupCount,
    certain: certainGroups(body) === groupCount,
    names: [...new Set(names.values())],
  }
}

/** How many groups of a node have matched whenever the node has. */
function certainGroups(node: Node): number {
  switch (node.kind) {
    case 'group':
      return 1 + certainGroups(node.body)
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + certainGroups(part), 0)
    case 'repeat':
      return node.min > 0 && !canBeEmpty(node.body) ? certainGroups(node.body) : 0
    case 'look':
      return node.negative ? 0 : certainGroups(node.body)
    default:
      return 0
  }
}
