import { NO_SPAN } from '../../base/index.ts'
import type { HClass, HFunc } from '../hir.ts'
import { newFunc } from '../make-hir.ts'
import type { ObjNode } from './slots.ts'

/** What errors have that is always text. */
export const isErrorText = (name: string): boolean => name === 'name' || name === 'message'

const NOTHING: HFunc = newFunc({ name: 'Error', span: NO_SPAN, body: () => [] })

const errorClass = (name: string, ...own: string[]): HClass => ({
  name,
  generic: false,
  isRegExp: false,
  isDate: false,
  isSymbol: false,
  bytes: null,
  extended: null,
  base: null,
  error: name,
  indexed: false,
  brand: null,
  fields: ['name', 'message', ...own].map((field) => ({ name: field, hidden: true, start: 'value', exposed: null })),
  methods: new Map(),
  getters: new Map(),
  setters: new Map(),
  tag: '',
  statics: new Set(),
  hasStaticFields: false,
  construct: NOTHING,
  value: () => undefined,
  span: NO_SPAN,
})

/** What built-in errors are instances of, also those that operations throw: definition 0 of every module. */
export const PLAIN_ERROR = errorClass('Error')
/** What built-in errors with a cause are instances of; the others have no such property. */
export const CAUSED_ERROR = errorClass('Error', 'cause')
/** What AggregateErrors are instances of. */
export const AGGREGATE_ERROR = errorClass('AggregateError', 'errors')
/** What AggregateErrors with a cause are instances of. */
export const CAUSED_AGGREGATE = errorClass('AggregateError', 'errors', 'cause')
/** Those of the definitions above, whose instances tell their kind themselves. */
const BUILT_IN_ERRORS: ReadonlySet<HClass> = new Set([PLAIN_ERROR, CAUSED_ERROR, AGGREGATE_ERROR, CAUSED_AGGREGATE])

/** Whether errors are of a built-in kind and of no class of the program. */
export const isBuiltInError = ({ cls }: ObjNode): boolean => cls !== null && BUILT_IN_ERRORS.has(cls)
