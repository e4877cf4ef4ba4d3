import type { Span } from '../base/index.ts'
import { isDerived, type HClass, type HFunc, type PrivateMember } from './hir.ts'
import type { Kinds } from './kinds.ts'

/**
 * A declared type as far as the analysis needs it: what values an entry may be given. Members are
 * functions since types can be recursive; a type that is met again is the same object.
 */
export type TypeDesc = {
  readonly kinds: Kinds
  /** Element type, when `kinds` has ARR and the type is no tuple. */
  readonly elem?: () => TypeDesc
  readonly tuple?: () => readonly TypeDesc[]
  /** Values of objects with fields of any name. */
  readonly dict?: () => TypeDesc
  readonly map?: () => { readonly key: TypeDesc; readonly value: TypeDesc }
  readonly set?: () => TypeDesc
  readonly fields?: () => readonly { readonly name: string; readonly optional: boolean; readonly type: TypeDesc }[]
  /** Instances of a class of the program. */
  readonly cls?: HClass
  /** Typed arrays and the like, by their classes in the prelude. */
  readonly bytes?: () => readonly HClass[]
  /** How TypeScript writes the type, for messages. */
  readonly text: string
}

export type HEntryParam = {
  readonly name: string
  readonly type: TypeDesc
  readonly optional: boolean
  readonly span: Span
}

/** An exported function of the main file. */
export type HEntry = {
  readonly name: string
  readonly func: HFunc
  /** Whether the program's function is copied for each use; `func` may be one that calls it and runs the jobs. */
  readonly generic: boolean
  readonly params: readonly HEntryParam[]
  readonly span: Span
}

/** Whether a parameter of an entry takes the rest of what it is given. */
export const isRest = (entry: HEntry, index: number): boolean =>
  entry.func.rest !== null && !entry.func.takesAll && index >= entry.func.params.length

export type HProgram = {
  /** The top-level statements of all files, in the order in which JavaScript runs them. */
  readonly init: HFunc
  readonly entries: readonly HEntry[]
  /** Whether whoever compiles named the entries; else they are what the main file exports and callers can use. */
  readonly isNamed: boolean
  /** Whether the program speaks of bigint at all, so that operators may give them. */
  readonly usesBigint: boolean
  /** Whether it may begin calls of effects. */
  readonly usesEffects: boolean
  /** Whether something was refused so far, after which what is built need not fit together. */
  readonly isRefused: () => boolean
  /** Names of accessors in object literals. */
  readonly accessors: ReadonlySet<string>
  /** Texts that it writes, and keys of its literals, as far as they are few. */
  readonly texts: () => ReadonlySet<string>
  /** Private members of classes of the program, by the names under which objects keep them. */
  readonly privates: ReadonlyMap<string, PrivateMember>
  /** Functions of the prelude by name, e.g. `array_map`, `array_sort`; the receiver is the first parameter. */
  readonly prelude: { readonly get: (name: string) => HFunc }
  /** The classes of the prelude that typed arrays, DataViews and ArrayBuffers are of, by name. */
  readonly bytes: { readonly get: (name: string) => HClass | undefined }
}

/** Whether a name is a private one of a class that objects are no instances of; `cls`: what they are instances of. */
export function isForeign({ privates }: HProgram, cls: HClass | null, name: string): boolean {
  const declared = privates.get(name)
  return declared !== undefined && (declared.cls === null || !isDerived(cls, declared.cls))
}
