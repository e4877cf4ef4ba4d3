import { CODE_REFUSALS } from './code.ts'
import { HOST_REFUSALS } from './host.ts'
import { OBJECT_REFUSALS } from './objects.ts'
import type { RefusalRow } from './row.ts'

const ROWS = { ...CODE_REFUSALS, ...OBJECT_REFUSALS, ...HOST_REFUSALS } as const

/** The name of a page, as `anrf --explain` takes it. */
export type RefusalName = keyof typeof ROWS

/** Every feature that is refused for good, once: its page, its hint, and docs/REFUSALS.md are derived from the row. */
export const REFUSALS: Readonly<Record<RefusalName, RefusalRow>> = ROWS

const NAMES = Object.keys(REFUSALS) as RefusalName[]

const BY_FEATURE: ReadonlyMap<string, RefusalName> = new Map(
  NAMES.flatMap((name) => featuresOf(name).map((feature) => [feature, name] as const)),
)

const GLOBALS: ReadonlySet<string> = new Set(NAMES.flatMap((name) => REFUSALS[name].globals ?? []))

/** Everything that diagnostics may call the feature of a page. */
export function featuresOf(name: RefusalName): readonly string[] {
  const { title, globals = [], features = [] } = REFUSALS[name]
  return [title, ...globals, ...features]
}

/** The page of the feature that a diagnostic names, such as `Proxy`, `decorators` or `Point.prototype`. */
export function refusalOf(feature: string): RefusalName | undefined {
  return BY_FEATURE.get(feature) ?? BY_FEATURE.get(feature.slice(Math.max(0, feature.lastIndexOf('.'))))
}

/** Whether a page explains a name that Node or a browser declares. */
export function isRefusedGlobal(name: string): boolean {
  return GLOBALS.has(name)
}
