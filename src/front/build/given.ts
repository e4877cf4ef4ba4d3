import { isRest, type HEntry, type TypeDesc } from '../hir-program.ts'
import { FN, NUM } from '../kinds.ts'
import type { ReportParts } from '../source.ts'
import type { Build } from './state.ts'

/** What a parameter takes that no caller from outside can give: a function, or an instance of a class. */
function neverGiven(type: TypeDesc, seen: Set<TypeDesc>, isGeneric: boolean): string | undefined {
  if (seen.has(type)) return undefined
  seen.add(type)
  if (type.kinds & FN && !(type.kinds & NUM)) return 'a function'
  if (type.cls) return `an instance of ${type.cls.name}`
  const fields = isGeneric ? (type.fields?.() ?? []).map((field) => field.type) : []
  for (const part of type.elem ? [type.elem(), ...fields] : fields) {
    const what = neverGiven(part, seen, isGeneric)
    if (what) return what
  }
  return undefined
}

/**
 * The exported functions that are entries where none is named: those that take and give what can be JSON. Others are exported for the
 * program itself, or are errors where there is no entry else.
 */
export function givenEntries(build: Build, exported: readonly HEntry[], generators: ReadonlySet<HEntry>): HEntry[] {
  const refused = new Map<HEntry, string>([...generators].map((entry) => [entry, 'it gives an iterator']))
  for (const entry of exported)
    for (const [index, { name, optional, type }] of entry.params.entries()) {
      // The copy of a generic function that callers call has no functions but theirs.
      const { generic } = entry
      const isOmitted = optional && !generic && !isRest(entry, index)
      const what = isOmitted ? undefined : neverGiven(type, new Set(), generic)
      if (what && !refused.has(entry)) refused.set(entry, `parameter \`${name}\` (${type.text}) takes ${what}`)
    }
  const entries = exported.filter((entry) => !refused.has(entry))
  if (entries.length === 0) return [...exported]
  for (const [{ name, span }, why] of refused) {
    build.oracle.collector.report('ANRF1107', span, noEntry(name, why))
  }
  return entries
}

/** What is said of an exported function that is left out of the entries. */
export function noEntry(name: string, why: string): ReportParts {
  const hint = 'Nothing to do, if it is for the program itself; else take data, and make the rest inside.'
  return { message: `\`${name}\` is no entry: ${why}`, hint }
}
