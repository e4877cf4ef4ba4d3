import type { SourceFile, Span } from '../base/index.ts'
import type { OpName } from './ops.ts'
import type { Type } from './types.ts'

/**
 * A field of an object. `optional`: may be absent, which differs from undefined for key lists and
 * spread. `hidden`: no own enumerable property in JavaScript (`#private` names, fields of Error).
 */
export type Field = {
  readonly name: string
  readonly type: Type
  readonly optional?: boolean
  readonly hidden?: boolean
}

/**
 * What an object is made of. `record`: a plain object; keys keep the order in which they were
 * set. `class`: an instance of the class `name`. `error`: Error and its built-in kinds, always
 * definition 0 of a module, see {@link ERROR_DEF}; further ones are classes that extend one of these. `regexp`: a regular
 * expression. `typed`: typed arrays of the constructor `name`, see typed-arrays.ts; `buffer`: ArrayBuffers. `symbol`: symbols, which
 * are no objects of a program, but are like them each of its own.
 */
export type ObjectDef = {
  readonly role: 'record' | 'class' | 'error' | 'regexp' | 'date' | 'typed' | 'buffer' | 'symbol'
  readonly name: string
  /** What instances of a class show beside its name: the text of its Symbol.toStringTag. */
  readonly tag?: string
  readonly fields: readonly Field[]
}

export type Local = { readonly name: string; readonly type: Type }

/**
 * A function. Locals are numbered: parameters first, then captures, then the rest. Captures are
 * copied into the closure by `closure.new`; what closures share and change is a `cell`.
 * Every path ends in `return` or `throw`; a function without a value returns undefined.
 */
export type Func = {
  readonly name: string
  /** How it is shown, where that is not as a plain function: see {@link isForm}. */
  readonly form?: string
  readonly params: readonly Local[]
  readonly captures: readonly Local[]
  readonly locals: readonly Local[]
  readonly result: Type
  readonly body: readonly Stmt[]
  readonly span: Span
}

/** Constructors of functions other than Function. */
const FORMS = ['AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction']
const CLASS = 'class '

/** Whether a text is a form of functions: what constructs them, or that it stands for a class, with the name of the class that it extends, if any. */
export const isForm = (text: string): boolean => FORMS.includes(text) || text.startsWith(CLASS)

/** The form of a function that stands for a class. */
export const classForm = (base: string): string => `${CLASS}${base}`

/** The name of the class that a class extends, empty if it extends none; undefined for a function that stands for no class. */
export const baseOfForm = (form: string): string | undefined =>
  form.startsWith(CLASS) ? form.slice(CLASS.length) : undefined

/** A module-level variable; unset until the initialiser sets it. */
export type Global = { readonly name: string; readonly type: Type }

/** A parameter of an entry. `optional`: may be left out of the inputs, and is undefined then. */
export type EntryParam = { readonly name: string; readonly type: Type; readonly optional: boolean }

/** A function that can be called from outside, by name. */
export type Entry = {
  readonly name: string
  readonly func: number
  readonly params: readonly EntryParam[]
  readonly result: Type
}

/** A program. `init` is the function that runs the top level of all files, in order, before any entry. */
export type Module = {
  readonly files: readonly SourceFile[]
  readonly objects: readonly ObjectDef[]
  readonly globals: readonly Global[]
  readonly funcs: readonly Func[]
  readonly init: number
  readonly entries: readonly Entry[]
}

/** Immediates of an operation, by the kinds that its row lists. */
export type Immediate = number | string | readonly number[] | Type

export type Constant = number | string | boolean | null | undefined

/** Expressions are evaluated left to right; each has its type and its place in the source. */
export type Expr =
  | { readonly kind: 'const'; readonly value: Constant; readonly type: Type; readonly span: Span }
  | { readonly kind: 'local'; readonly local: number; readonly type: Type; readonly span: Span }
  | {
      readonly kind: 'op'
      readonly op: OpName
      readonly imm: readonly Immediate[]
      readonly args: readonly Expr[]
      readonly type: Type
      readonly span: Span
    }
  | {
      readonly kind: 'call'
      readonly func: number
      readonly args: readonly Expr[]
      readonly type: Type
      readonly span: Span
    }
  | {
      readonly kind: 'invoke'
      readonly callee: Expr
      readonly args: readonly Expr[]
      readonly type: Type
      readonly span: Span
    }
  | {
      readonly kind: 'cond'
      readonly test: Expr
      readonly then: Expr
      readonly else: Expr
      readonly type: Type
      readonly span: Span
    }
  | {
      readonly kind: 'seq'
      readonly body: readonly Stmt[]
      readonly value: Expr
      readonly type: Type
      readonly span: Span
    }

/**
 * Statements. Labels are numbers, unique in a function; `break` leaves the `block`, `loop` or
 * `switch` of that label, `continue` goes to the update of the `loop` of that label.
 */
export type Stmt =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly span: Span }
  | { readonly kind: 'set'; readonly local: number; readonly value: Expr; readonly span: Span }
  | {
      readonly kind: 'if'
      readonly test: Expr
      readonly then: readonly Stmt[]
      readonly else: readonly Stmt[]
      readonly span: Span
    }
  | { readonly kind: 'block'; readonly label: number; readonly body: readonly Stmt[]; readonly span: Span }
  /**
   * `test` (absent: true) is evaluated before each round, or after `update` when `post` (do-while;
   * the first round is then entered untested). Going round costs 1 fuel, charged before `update`.
   */
  | {
      readonly kind: 'loop'
      readonly label: number
      readonly test?: Expr
      readonly post: boolean
      readonly body: readonly Stmt[]
      readonly update: readonly Stmt[]
      readonly span: Span
    }
  /** Tests are compared with the subject by strict equality in order; a case falls through into the next; `test` absent: default. Subject and tests have one type out of f64, string, bool, or are boxed. */
  | {
      readonly kind: 'switch'
      readonly label: number
      readonly subject: Expr
      readonly cases: readonly { readonly test?: Expr; readonly body: readonly Stmt[] }[]
      readonly span: Span
    }
  | { readonly kind: 'break' | 'continue'; readonly label: number; readonly span: Span }
  | { readonly kind: 'return'; readonly value: Expr; readonly span: Span }
  /** `value` is of type `any`. */
  | { readonly kind: 'throw'; readonly value: Expr; readonly span: Span }
  /** The caught value goes to `catch.local`, of type `any`. `finally` runs on every way out and overrides it if it leaves itself. Traps and limits are not caught and run no `finally`. */
  | {
      readonly kind: 'try'
      readonly body: readonly Stmt[]
      readonly catch?: { readonly local: number; readonly body: readonly Stmt[] }
      readonly finally?: readonly Stmt[]
      readonly span: Span
    }

/** The fields from here on are listed in the order in which they were set, those before in that of the definition (spec/types.md). */
export function lateKeysFrom({ role, fields }: ObjectDef): number {
  if (role === 'record') return 0
  const isCertain = ({ hidden, optional }: Field): boolean => !hidden && !optional
  return fields.findLastIndex(isCertain) + 1
}

/** Whether objects of a definition must keep the order in which their keys were set: more than one is listed so. */
export function keepsKeyOrder(def: ObjectDef): boolean {
  if (def.role === 'record') return true
  if (def.role !== 'class' && def.role !== 'error') return false
  return def.fields.slice(lateKeysFrom(def)).filter(({ hidden }) => !hidden).length > 1
}

/** The only field, hidden, of an object in which a value is thrown that `any` does not tell from others: the host shows what it holds. */
export const THROWN = '#thrown'

/** Index of the definition of Error in `objects`, and the fields that it begins with: `name` and `message`, both hidden. */
export const ERROR_DEF = 0
export const ERROR_OBJECT: ObjectDef = {
  role: 'error',
  name: 'Error',
  fields: [
    { name: 'name', type: { kind: 'string' }, hidden: true },
    { name: 'message', type: { kind: 'string' }, hidden: true },
  ],
}

/** Types of all locals of a function in their numbering: parameters, captures, the rest. */
export function localsOf(func: Func): readonly Local[] {
  return [...func.params, ...func.captures, ...func.locals]
}

/** The type of the closures of a function. */
export function closureType({ params, result }: Func): Extract<Type, { kind: 'func' }> {
  return { kind: 'func', params: params.map(({ type }) => type), result }
}
