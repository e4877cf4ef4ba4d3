import type { Code, Span } from '../../base/index.ts'
import type { Type } from '../../ir/index.ts'
import { noEntry } from '../build/given.ts'
import type { EntryFlow } from '../flow/analysis.ts'
import type { HEntry, TypeDesc } from '../hir-program.ts'
import { ALL, FN, NUM, OBJ } from '../kinds.ts'
import type { ReportParts } from '../source.ts'
import type { ProgramContext } from './context.ts'
import { notJson } from './not-json.ts'
import { opaqueIn } from './opaque.ts'

export type EmittedEntry = { readonly entry: HEntry; readonly flow: EntryFlow }

type Fault = {
  readonly code: Code
  readonly span: Span
  readonly parts: ReportParts & { readonly message: string }
  readonly isOfResult: boolean
}

/**
 * The entries that callers can use, by what the analysis found that they take and give. Where none was named and some can be used, the
 * others are exported for the program itself.
 */
export function usableEntries(c: ProgramContext, entries: readonly EmittedEntry[]): readonly EmittedEntry[] {
  const found = entries.map((one) => ({ one, faults: faultsOf(c, one) }))
  const isChosen = c.analysis.program.isNamed || found.every(({ faults }) => faults.length > 0)
  const left = isChosen ? [] : found.filter(({ one, faults }) => faults.some((fault) => !isMeant(one, fault)))
  for (const { one, faults } of left) {
    c.report('ANRF1107', one.entry.span, noEntry(one.entry.name, faults[0]!.parts.message))
  }
  const used = found.filter((one) => !left.includes(one))
  for (const { code, span, parts } of used.flatMap(({ faults }) => faults)) c.report(code, span, parts)
  return used.map(({ one }) => one)
}

/** Whether a fault is of what a function gives that callers could call: whoever wrote that is told what to give. Generic functions are helpers. */
const isMeant = ({ entry }: EmittedEntry, fault: Fault): boolean => fault.isOfResult && !entry.generic

function faultsOf(c: ProgramContext, { entry, flow }: EmittedEntry): readonly Fault[] {
  const inputs = flow.params.map((slot, i) => inputFault(c, entry, i, c.types.of(slot)))
  return [resultFault(c, entry, flow), ...inputs].filter((fault) => fault !== undefined)
}

/** Results are values that a caller can look into. */
function resultFault(c: ProgramContext, { span }: HEntry, { instance }: EntryFlow): Fault | undefined {
  const what = opaqueIn(c, instance.fn.root().result)
  if (!what) return undefined
  const message = `${what} as the result of an entry or in it`
  const parts = { message, hint: 'Return plain data: `[...iterator]`.', feature: 'entry result' }
  return { code: 'ANRF1101', span, parts, isOfResult: true }
}

/** Inputs come as JSON, which has neither functions nor instances of classes. */
function inputFault(c: ProgramContext, entry: HEntry, index: number, type: Type): Fault | undefined {
  const param = entry.params[index]
  if (!param) return undefined
  const { name, span } = param
  const what = neverJson(c, param.type, type)
  if (what) {
    const message = `parameter \`${name}\` (${param.type.text}) takes ${what}, which cannot be given as JSON`
    const hint = 'Take numbers, strings, booleans, null, arrays and records, and make the rest inside.'
    return { code: 'ANRF1106', span, parts: { message, hint, feature: 'entry type' }, isOfResult: false }
  }
  if (type.kind !== 'any') return undefined
  const message = `the type of parameter \`${name}\` (${param.type.text}) says nothing of its values`
  const hint = 'Declare a type made of numbers, strings, booleans, null, arrays and records.'
  return { code: 'ANRF1103', span, parts: { message, hint, feature: 'any' }, isOfResult: false }
}

function neverJson(c: ProgramContext, declared: TypeDesc, type: Type): string | undefined {
  if ((declared.kinds & FN) !== 0 && (declared.kinds & NUM) === 0) return 'a function'
  return isUnnamed(declared, new Set()) ? 'an object whose fields have no names' : notJson(c.types, type)
}

/** Whether the values of a declared type hold objects with fields of any name. */
function isUnnamed(type: TypeDesc, seen: Set<TypeDesc>): boolean {
  if (seen.has(type)) return false
  seen.add(type)
  if (type.kinds & OBJ && type.kinds !== ALL && !type.fields && !type.cls && !type.dict && !type.bytes) return true
  const parts = [
    ...(type.elem ? [type.elem()] : []),
    ...(type.tuple?.() ?? []),
    ...(type.fields?.() ?? []).map((f) => f.type),
  ]
  return parts.some((part) => isUnnamed(part, seen))
}
