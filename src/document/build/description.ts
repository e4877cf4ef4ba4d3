import type { Span, Limits } from '../../base/index.ts'
import type { Module, Type } from '../../ir/index.ts'
import type { CapabilityRequest } from '../security.ts'

/** A contract of JSDoc, `@requires count >= 0`: the tag and its expression, as written. */
export type Contract = {
  readonly kind: 'requires' | 'ensures' | 'invariant' | 'decreases'
  readonly formalSpec: string
}

/** The JSDoc of a declaration. */
export type Documentation = {
  readonly description: string
  readonly returns?: string
  readonly contracts: readonly Contract[]
  /** The other tags in order, such as `{ name: 'deprecated', text: '' }`; `tags` and `tag` become tags of the intent. */
  readonly tags: readonly { readonly name: string; readonly text: string }[]
}

type Declared = {
  readonly name: string
  readonly exported?: boolean
  readonly span: Span
  readonly docs?: Documentation
}

export type ParamDescription = {
  readonly name: string
  readonly type: Type
  readonly optional?: boolean
  readonly description?: string
}

/** `funcs`: the IR functions made from it, none when it was never used, several when it is generic. */
export type FunctionDescription = Declared & {
  readonly kind: 'function'
  readonly funcs: readonly number[]
  readonly params: readonly ParamDescription[]
  readonly result: Type
}

/** `objects`: the object definitions made from it. The constructor is a method with the name `constructor`. */
export type ClassDescription = Declared & {
  readonly kind: 'class'
  readonly objects: readonly number[]
  readonly methods: readonly FunctionDescription[]
}

/** An interface or a type alias. */
export type RecordDescription = Declared & { readonly kind: 'record'; readonly objects: readonly number[] }

/** A variable of the top level; `global` is absent where the compiler needed none. */
export type VariableDescription = Declared & {
  readonly kind: 'variable'
  readonly type: Type
  readonly global?: number
  readonly constant?: boolean
}

export type Declaration = FunctionDescription | ClassDescription | RecordDescription | VariableDescription

/** What the front end knows about a program beyond its IR: its purpose and its declarations, in source order. */
export type ProgramDescription = {
  /** Of the main file: its leading JSDoc. Empty where there is none. */
  readonly intent: { readonly description: string; readonly tags: readonly string[] }
  readonly declarations: readonly Declaration[]
}

/** Everything a document is made from. */
export type BuildParts = {
  readonly module: Module
  /** See `isProgramName`. */
  readonly name: string
  /** SemVer 2.0. */
  readonly version: string
  readonly program: ProgramDescription
  /** What the program asks for beside what its operations show; scopes and reasons go here. */
  readonly capabilities?: readonly CapabilityRequest[]
  readonly limits?: Partial<Limits>
}
