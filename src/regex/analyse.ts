import { EMPTY, EVERYTHING, intersection, setOf, union, rangesOf, type CharSet } from './char-set.ts'
import type { Node } from './node.ts'

/** Whether a node can match without moving. */
export function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false
    case 'sequence':
      return node.parts.every(canBeEmpty)
    case 'choice':
      return node.options.some(canBeEmpty)
    case 'group':
      return canBeEmpty(node.body)
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.body)
    default:
      return true
  }
}

/** What a node can begin with, going forward. `rest`: it may match nothing, so that what comes after it counts too. */
export type First = { readonly set: CharSet; readonly rest: boolean }

const NOTHING: First = { set: EMPTY, rest: true }
const UNKNOWN: First = { set: EVERYTHING, rest: true }

export function firstOf(node: Node): First {
  switch (node.kind) {
    case 'empty':
      return NOTHING
    case 'set':
      return { set: node.set, rest: false }
    case 'sequence':
      return firstOfParts(node.parts)
    case 'choice': {
      const all = node.options.map(firstOf)
      return { set: union(...all.map((first) => first.set)), rest: all.some((first) => first.rest) }
    }
    case 'group':
      return firstOf(node.body)
    case 'repeat': {
      const first = firstOf(node.body)
      return { set: first.set, rest: first.rest || node.min === 0 }
    }
    case 'reference':
      return UNKNOWN
    default:
      // Assertions take nothing, and what comes after them has to match as well.
      return NOTHING
  }
}

export function firstOfParts(parts: readonly Node[]): First {
  const sets: CharSet[] = []
  for (const part of parts) {
    const first = firstOf(part)
    sets.push(first.set)
    if (!first.rest) return { set: union(...sets), rest: false }
  }
  return { set: union(...sets), rest: true }
}

export function areDisjoint(a: CharSet, b: CharSet): boolean {
  return intersection(a, b).length === 0
}

/** The code units that characters of a set begin with. */
export function unitsOf(set: CharSet): CharSet {
  return setOf(
    rangesOf(set).flatMap(([first, last]) => {
      if (last < 0x10000) return [[first, last] as const]
      const leads = [leadOf(Math.max(first, 0x10000)), leadOf(last)] as const
      return first < 0x10000 ? [[first, 0xffff] as const, leads] : [leads]
    }),
  )
}

const leadOf = (code: number): number => 0xd800 + ((code - 0x10000) >> 10)

/** Whether every match of a node begins at the start of the text. */
export function isAnchored(node: Node): boolean {
  switch (node.kind) {
    case 'start':
      return !node.multiline
    case 'sequence':
      return isAnchored(node.parts[0]!)
    case 'choice':
      return node.options.every(isAnchored)
    case 'group':
      return isAnchored(node.body)
    default:
      return false
  }
}

/** The code unit that a set consists of; -1 when it has more characters, or one that is no single unit in unicode mode. */
export function onlyUnit(set: CharSet, wide: boolean): number {
  if (set.length !== 2 || set[0] !== set[1]) return -1
  const code = set[0]!
  return wide && (code > 0xffff || (code >= 0xd800 && code <= 0xdfff)) ? -1 : code
}

/** The text that every match of a node begins with. */
export function prefixOf(node: Node, wide: boolean): string {
  const parts = node.kind === 'sequence' ? node.parts : [node]
  let prefix = ''
  for (const part of parts) {
    const unit = part.kind === 'set' ? onlyUnit(part.set, wide) : -1
    if (unit < 0) break
    prefix += String.fromCharCode(unit)
  }
  return prefix
}
