import type { Opened } from '../../document/index.ts'
import { describeType } from '../../engine/index.ts'
import type { Entry, Module } from '../../ir/index.ts'
import { ANY, factsOf, SET_TOPICS, type Facts, type LevelTopic, type SetTopic } from './facts.ts'
import { compareInputs, compareTypes, type Order } from './type-order.ts'

/** One thing in which two versions differ. */
export type Change = {
  readonly topic: SetTopic | LevelTopic | 'entry' | 'input' | 'result'
  readonly name: string
  readonly kind: 'added' | 'removed' | 'widened' | 'narrowed' | 'changed'
  readonly before?: string | number | boolean
  readonly after?: string | number | boolean
  /** Whether the second version may touch more by it. What may be called and with what is no such thing. */
  readonly widens: boolean
}

export type Diff = { readonly changes: readonly Change[]; readonly widens: boolean }

/** What the second version may touch that the first could not, and the other way round; in the order of topics and names. */
export function diffOpened(a: Opened, b: Opened): Diff {
  const [before, after] = [factsOf(a), factsOf(b)]
  const changes = [
    ...SET_TOPICS.flatMap((topic) => diffSets(topic, before.sets[topic], after.sets[topic])).filter(
      // The scopes of a capability that only one of them asks for come and go with it.
      ({ topic, name }) =>
        topic !== 'scope' || [before, after].every(({ sets }) => sets.capability.has(capabilityOf(name))),
    ),
    ...diffLevels(before, after),
    ...diffEntries(a.module, b.module),
  ]
  return { changes, widens: changes.some(({ widens }) => widens) }
}

const capabilityOf = (scope: string): string => scope.slice(0, scope.indexOf('='))

function diffSets(topic: SetTopic, before: ReadonlySet<string>, after: ReadonlySet<string>): readonly Change[] {
  const names = [...new Set([...before, ...after])].sort()
  return names.flatMap((name): readonly Change[] => {
    if (before.has(name) === after.has(name)) return []
    const isAdded = after.has(name)
    return [{ topic, name, kind: isAdded ? 'added' : 'removed', widens: isAdded && !isCovered(topic, before, name) }]
  })
}

/** Whether the earlier version could do it under another name: all scopes of a capability, or any name at all. */
function isCovered(topic: SetTopic, before: ReadonlySet<string>, name: string): boolean {
  if (topic === 'scope') return before.has(`${capabilityOf(name)}=${ANY}`)
  return topic !== 'capability' && before.has(ANY)
}

function diffLevels(before: Facts, after: Facts): readonly Change[] {
  return [...before.levels].flatMap(([key, old]): readonly Change[] => {
    const now = after.levels.get(key)
    if (!now || Object.is(old.value, now.value)) return []
    const kind = now.rank > old.rank ? 'widened' : now.rank < old.rank ? 'narrowed' : 'changed'
    // What cannot be compared may be more: somebody has to look.
    const widens = kind !== 'narrowed'
    return [{ topic: old.topic, name: old.name, kind, before: old.value, after: now.value, widens }]
  })
}

function diffEntries(before: Module, after: Module): readonly Change[] {
  const names = [...new Set([...before.entries, ...after.entries].map(({ name }) => name))].sort()
  return names.flatMap((name) => {
    const [old, now] = [before, after].map(({ entries }) => entries.find((entry) => entry.name === name))
    if (old && now) return diffEntry(old, before, now, after)
    const kind = now ? 'added' : 'removed'
    return [{ topic: 'entry', name, kind, widens: false } satisfies Change]
  })
}

function diffEntry(old: Entry, before: Module, now: Entry, after: Module): readonly Change[] {
  const inputs = compareInputs(old, before, now, after)
  const result = compareTypes(old.result, before, now.result, after)
  const texts = (text: (entry: Entry, module: Module) => string): Pick<Change, 'before' | 'after'> => ({
    before: text(old, before),
    after: text(now, after),
  })
  return [
    ...changeOf('input', now.name, inputs, texts(describeInputs)),
    ...changeOf(
      'result',
      now.name,
      result,
      texts((entry, module) => describeType(module, entry.result)),
    ),
  ]
}

function changeOf(
  topic: 'input' | 'result',
  name: string,
  kind: Order,
  texts: Pick<Change, 'before' | 'after'>,
): readonly Change[] {
  return kind === 'same' ? [] : [{ topic, name, kind, ...texts, widens: false }]
}

const describeInputs = ({ params }: Entry, module: Module): string =>
  `(${params.map((p) => `${p.name}${p.optional ? '?' : ''}: ${describeType(module, p.type)}`).join(', ')})`
