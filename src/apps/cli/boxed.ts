import { locate, type Location } from '../../base/index.ts'
import { describeType } from '../../engine/index.ts'
import type { Module, Type } from '../../ir/index.ts'
import { countBoxed, type BoxedCount } from '../../passes/index.ts'
import { formatLocation } from './render-diagnostics.ts'

/** Functions and places of a function that the text names. */
const FUNCTIONS_SHOWN = 5
const PLACES_SHOWN = 3

/** How many expressions have boxed types, the functions with most of them first. */
export type BoxedReport = Counts & { readonly functions: readonly (Counts & FunctionReport)[] }

/** The kinds of boxed types, those that say least first. */
const KINDS = ['any', 'json', 'nested', 'union'] as const

type Counts = { readonly [K in 'expressions' | (typeof KINDS)[number]]: number }

type FunctionReport = {
  readonly name: string
  readonly location?: Location
  readonly places: readonly { readonly type: string; readonly expressions: number; readonly location?: Location }[]
}

/** How dynamic a program is. Functions without a boxed expression are counted but not listed. */
export function reportBoxed(module: Module): BoxedReport {
  const counts = countBoxed(module)
  const functions = counts
    .filter((count) => boxedIn(count) > 0)
    .sort((a, b) => boxedIn(b) - boxedIn(a))
    .map((count) => reportFunction(module, count))
  const sum = (key: keyof Counts): number => counts.reduce((total, count) => total + count[key], 0)
  const boxed = { any: sum('any'), json: sum('json'), nested: sum('nested'), union: sum('union') }
  return { expressions: sum('expressions'), ...boxed, functions }
}

function reportFunction(module: Module, count: BoxedCount): Counts & FunctionReport {
  const { func, expressions, any, json, nested, union } = count
  const at = (span: typeof func.span): { location?: Location } => {
    const location = locate(module.files, span)
    return location ? { location } : {}
  }
  const places = count.places.map((p) => ({ type: nameType(module, p.type), expressions: p.count, ...at(p.span) }))
  return { name: func.name, ...at(func.span), expressions, any, json, nested, union, places }
}

/** `json` is told apart from `any`, which is what TypeScript calls both. Records are not written out. */
const nameType = (module: Module, type: Type): string =>
  type.kind === 'json' ? 'json' : describeType(module, type, Infinity)

const boxedIn = ({ any, json, nested, union }: Omit<Counts, 'expressions'>): number => any + json + nested + union

/** A report as lines: the whole, then the functions with most boxed expressions and the places where these are. */
export function describeBoxed(report: BoxedReport): string[] {
  const { expressions, functions } = report
  const boxed = boxedIn(report)
  if (boxed === 0) return [`none of ${expressions} expressions: every value has one kind that is known`]
  const kinds = KINDS.filter((kind) => report[kind] > 0)
  const share = ((100 * boxed) / expressions).toFixed(1)
  const hidden = functions.length - FUNCTIONS_SHOWN
  return [
    `${boxed} of ${expressions} expressions (${share} %): ${kinds.map((kind) => `${report[kind]} ${kind}`).join(', ')}`,
    ...functions.slice(0, FUNCTIONS_SHOWN).map((each) => {
      const places = each.places.slice(0, PLACES_SHOWN).map(describePlace)
      return `${each.name}: ${boxedIn(each)} of ${each.expressions}${places.length > 0 ? `, at ${places.join(', ')}` : ''}`
    }),
    ...(hidden > 0 ? [`and ${hidden} more functions`] : []),
  ]
}

function describePlace({ type, expressions, location }: FunctionReport['places'][number]): string {
  const times = expressions === 1 ? '' : `${expressions} times `
  return `${location ? formatLocation(location) : 'code that was made'} (${times}${type})`
}
