import { isInByName } from '../emit/fields.ts'
import { hasOwnField } from '../emit/membership.ts'
import { BOOL, F64, STRING, type Expr, type Type } from '../../ir/index.ts'
import { toText } from '../emit/convert.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emit } from '../emit/expressions.ts'
import { and, bool, boxed, cond, num, op, seq, str, then } from '../emit/make.ts'
import { methodOf } from '../emit/primitive.ts'
import { collapseWhere, dictWhere, isConstantName } from '../flow/elements.ts'
import type { HExpr } from '../hir.ts'
import { TO_PRIMITIVE } from '../member-names.ts'
import type { Analysis } from '../flow/analysis.ts'
import type { Slot } from '../flow/slots.ts'
import { flowResult } from './leaf.ts'
import type { Row } from './row.ts'

const toString: Row = {
  flow: (use) => flowResult(use, 'str'),
  // Object.prototype.toString does not ask what a conversion to text would.
  emit: ({ c, self }) =>
    methodOf(c, self.type, TO_PRIMITIVE) ? op('dyn.to_string', [boxed(self)], STRING, self.span) : toText(c, self),
}

/** Whether an object has a key of its own; a computed name makes dictionaries of records. */
export function hasOwnKey(c: FunctionContext, object: Expr, key: HExpr | undefined, at: HExpr): Expr {
  return c.dispatch(object, BOOL, (self) => {
    const { type } = self
    if (type.kind === 'dict' && key) return op('table.has', [self, toText(c, emit(c, key))], BOOL, at.span)
    if ((type.kind === 'array' || type.kind === 'string') && key) return hasOwnPlace(self, emit(c, key), c)
    if (NO_KEYS.includes(type.kind) && key) return then(self, then(emit(c, key), bool(false, at.span)))
    const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
    if (type.kind === 'object' && node && !node.cls?.bytes && key?.kind === 'const' && typeof key.value === 'string') {
      return hasOwnField(c, self, node, key.value) ?? then(self, bool(false, at.span))
    }
    const asked = key && isInByName(c, self, emit(c, key), at.span, 'own')
    if (asked) return asked
    c.report(
      'ANRF1101',
      at.span,
      'the question whether this value has a key of its own',
      'Ask records, dictionaries and arrays.',
      'hasOwnProperty',
    )
    return bool(false, at.span)
  })
}

/** Kinds whose values have no keys of their own. */
const NO_KEYS: readonly Type['kind'][] = ['f64', 'bool', 'map', 'set']

/** Whether an array or a string has an element at a key, or it is that of the length. */
function hasOwnPlace(self: Expr, key: Expr, c: FunctionContext): Expr {
  const { span } = self
  if (self.type.kind === 'array' && key.type.kind === 'f64') return op('array.has', [self, key], BOOL, span)
  const [object, name] = [c.keep(self), c.keep(toText(c, key))]
  const toIndex = op('string.to_index', [name.value], F64, span)
  const isThere = (index: Expr): Expr =>
    self.type.kind === 'array'
      ? op('array.has', [object.value, index], BOOL, span)
      : and(
          op('f64.le', [num(0, span), index], BOOL, span),
          op('f64.lt', [index, op('string.length', [object.value], F64, span)], BOOL, span),
        )
  const isLength = op('string.eq', [name.value, str('length', span)], BOOL, span)
  return seq([...object.body, ...name.body], cond(isLength, bool(true, span), c.using(toIndex, isThere), span))
}

/** Computed names may be keys of records, and indices of lists. */
export function askedWhere(a: Analysis, slot: Slot): void {
  dictWhere(a, slot)
  collapseWhere(a, slot)
}

const hasOwnProperty: Row = {
  flow: (use) => {
    flowResult(use, 'bool')
    const key = use.args[0]?.value
    if (key && !isConstantName(key)) askedWhere(use.a, use.self)
  },
  emit: ({ c, at, args, self }) => hasOwnKey(c, self, args[0]?.value, at),
}

/** What values that are no objects have of their methods too. */
export const OWN_KEY_METHODS: Readonly<Record<string, Row>> = { hasOwnProperty }

/** Methods that every object has (20.1.3). */
export const OBJECT_METHODS: Readonly<Record<string, Row>> = { toString, hasOwnProperty }
