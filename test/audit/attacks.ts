// What somebody may do to a log who can write its files, in the worst case with its key.
import { randomUUID } from 'node:crypto'
import { entryOf, sealOf, type Entry } from '../../src/audit/entry.ts'
import type { Subject } from './subject.ts'

export type Random = { below(n: number): number; pick<T>(list: readonly T[]): T }

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number): number => Math.floor(next() * n)
  return { below, pick: (list) => list[below(list.length)]! }
}

/** Another list of entries; undefined when this attack does not fit what was drawn. */
type Attack = (subject: Subject, random: Random) => Entry[] | undefined

const withAt = (entries: readonly Entry[], at: number, entry: Entry): Entry[] => entries.with(at, entry)

/** Another principal, with or without the seal that belongs to it. */
function forge(entry: Entry, random: Random, hasNewSeal: boolean): Entry | undefined {
  if (!entry.sealed) return undefined
  const part = random.pick(['principal', 'subject', 'reasons', 'details', 'salt'] as const)
  const others = { principal: 'mallory', subject: 'another', reasons: '["none"]', details: '{}', salt: randomUUID() }
  const sealed = { ...entry.sealed, [part]: others[part] }
  return { ...entry, sealed, ...(hasNewSeal && { seal: sealOf(sealed) }) }
}

export const ATTACKS: Readonly<Record<string, Attack>> = {
  delete: ({ entries }, random) => entries.toSpliced(random.below(entries.length), 1 + random.below(3)),
  duplicate: ({ entries }, random) => {
    const at = random.below(entries.length)
    return entries.toSpliced(at, 0, entries[at]!)
  },
  swap: ({ entries }, random) => {
    const [a, b] = [random.below(entries.length), random.below(entries.length)]
    return a === b ? undefined : entries.with(a, entries[b]!).with(b, entries[a]!)
  },
  reorder: ({ entries }, random) => {
    const [from, length] = [random.below(entries.length - 10), 2 + random.below(8)]
    return entries.toSpliced(from, length, ...entries.slice(from, from + length).toReversed())
  },
  truncate: ({ entries }, random) => entries.slice(0, random.below(entries.length)),
  insert: ({ entries }, random) => {
    const made = entryOf({ action: 'keys.create', tenant: '', principal: 'm', subject: 's', outcome: 'done' })
    return entries.toSpliced(random.below(entries.length), 0, made)
  },
  'rewrite a member': ({ entries }, random) => {
    const at = random.below(entries.length)
    const member = random.pick(['at', 'tenant', 'action', 'outcome'] as const)
    const others = { at: '2020-01-01T00:00:00.000Z', tenant: 'globex', action: 'keys.list', outcome: 'failed' }
    return withAt(entries, at, { ...entries[at]!, [member]: others[member] })
  },
  'forge what was sealed': ({ entries }, random) => {
    const at = random.below(entries.length)
    const forged = forge(entries[at]!, random, false)
    return forged && withAt(entries, at, forged)
  },
  'forge what was sealed, and its seal': ({ entries }, random) => {
    const at = random.below(entries.length)
    const forged = forge(entries[at]!, random, true)
    return forged && withAt(entries, at, forged)
  },
  'swap what was sealed': ({ entries }, random) => {
    const [a, b] = [random.below(entries.length), random.below(entries.length)]
    const [x, y] = [entries[a]!, entries[b]!]
    if (a === b || !x.sealed || !y.sealed) return undefined
    return entries.with(a, { ...x, sealed: y.sealed }).with(b, { ...y, sealed: x.sealed })
  },
  'erase without a redaction': ({ entries }, random) => {
    const at = random.below(entries.length)
    return entries[at]!.sealed && withAt(entries, at, { ...entries[at]!, sealed: undefined })
  },
  'put back what was redacted': ({ entries, whole }, random) => {
    const at = random.below(entries.length)
    return entries[at]!.sealed ? undefined : withAt(entries, at, whole[at]!)
  },
  'redact by another entry': ({ entries }, random) => {
    const at = random.below(entries.length - 1)
    const by = at + 1 + random.below(entries.length - at - 1)
    if (!entries[at]!.sealed) return undefined
    const erased = withAt(entries, at, { ...entries[at]!, sealed: undefined })
    return withAt(erased, by, { ...erased[by]!, redacts: [[at, at]] })
  },
  'widen a redaction': ({ entries }, random) => {
    const by = entries.findIndex(({ redacts }) => redacts !== undefined)
    const at = random.below(by)
    const [first] = entries[by]!.redacts![0]!
    if (at >= first) return undefined
    const ranges = [[at, at] as const, ...entries[by]!.redacts!]
    return withAt(withAt(entries, by, { ...entries[by]!, redacts: ranges }), at, { ...entries[at]!, sealed: undefined })
  },
  'hide a redaction': ({ entries, whole }) => {
    const by = entries.findIndex(({ redacts }) => redacts !== undefined)
    const { redacts, ...others } = entries[by]!
    const restored = entries.map((entry, at) => (redacts!.some(([a, b]) => a <= at && at <= b) ? whole[at]! : entry))
    return withAt(restored, by, { ...others, redacts: undefined })
  },
}
