import type { HEntry, TypeDesc } from '../hir.ts'
import { FN, NUM } from '../kinds.ts'
import type { Build } from './state.ts'

/** What a parameter takes that no caller from outside can give: a function, or an instance of a class. */
function neverGiven(type: TypeDesc, seen: Set<TypeDesc>): string | undefined {
  if (seen.has(type)) return undefined
  seen.add(type)
  if (type.kinds & FN && !(type.kinds & NUM)) return 'a function'
  if (type.cls) return `an instance of ${type.cls.name}`
  return type.elem && neverGiven(type.elem(), seen)
}

/**
 * The exported functions that are entries where none is named: those that take and give what can be JSON. Others are exported for the
 * program itself, or are errors where there is no entry else.
 */
export function givenEntries(build: Build, exported: readonly HEntry[], generators: ReadonlySet<HEntry>): HEntry[] {
  const refused = new Map<HEntry, string>([...generators].map((entry) => [entry, 'it gives an iterator']))
  for (const entry of exported)
    for (const { name, optional, type } of entry.params) {
      const what = optional ? undefined : neverGiven(type, new Set())
      if (what && !refused.has(entry)) refused.set(entry, `parameter \`${name}\` (${type.text}) takes ${what}`)
    }
  const entries = exported.filter((entry) => !refused.has(entry))
  if (entries.length === 0) return [...exported]
  for (const [{ name, span }, why] of refused) {
    const hint = 'Nothing to do, if it is for the program itself; else take data, and make the rest inside.'
    build.oracle.collector.report('ANRF1107', span, { message: `\`${name}\` is no entry: ${why}`, hint })
  }
  return entries
}
