import type { ElementKind } from './elements.ts'

/** What is known of a module before its types are laid out. */
export type LayoutFacts = {
  /** The type of arrays of code units. */
  readonly units: number
  /** The definitions of objects that may be keys of tables. */
  readonly identified: ReadonlySet<number>
  /** By definition, the fields that are set whenever they are read. */
  readonly setFields: readonly ReadonlySet<number>[]
  /** By definition, those that values of one type may be of. */
  readonly families: ReadonlyMap<number, readonly number[]>
  /** The kinds of elements whose arrays may carry an object. */
  readonly carriers: ReadonlySet<ElementKind>
  /** The names of fields that are kept as tags. */
  readonly tags: ReadonlySet<string>
}
