import type { Span } from '../../base/index.ts'
import type { HExpr } from '../hir.ts'
import { NULLISH, OBJ } from '../kinds.ts'
import type { ts } from '../oracle.ts'
import { hasElements, kindsOfType } from './narrow.ts'
import { spanOf, type Place } from './state.ts'

/** More fields than this are no record that a chain of comparisons should write to. */
const KEYS_MAX = 64

/**
 * The fields that an assignment to `obj[key]` may set, where `obj` is a record and the type of
 * `key` lists them. Undefined for arrays, dictionaries and other keys.
 */
export function lookupKeys(p: Place, node: ts.ElementAccessExpression): readonly (string | number)[] | undefined {
  if (p.prelude) return undefined
  const { checker } = p.build.oracle
  // The type of `this` is a type parameter to the checker.
  const object = checker.getTypeAtLocation(node.expression)
  const self = checker.getBaseConstraintOfType(object) ?? object
  if ((kindsOfType(p.build, self) & ~NULLISH) !== OBJ || hasElements(p, node.expression)) return undefined
  const type = checker.getTypeAtLocation(node.argumentExpression)
  const parts = type.isUnion() ? type.types : [type]
  const keys = parts.flatMap((t) => (t.isStringLiteral() || t.isNumberLiteral() ? [t.value] : []))
  if (keys.length === 0 || keys.length < parts.length || keys.length > KEYS_MAX) return undefined
  const target = checker.getNonNullableType(checker.getTypeAtLocation(node.expression))
  return keys.every((k) => checker.getPropertyOfType(target, String(k)) !== undefined) ? keys : undefined
}

/**
 * What `use` makes of the field that `key` names. A key that its type does not list is an element
 * that is missing, and a trap: what else is in the object is not known here.
 */
export function chooseField(
  p: Place,
  node: ts.ElementAccessExpression,
  keys: readonly (string | number)[],
  key: HExpr,
  use: (name: string) => HExpr,
): HExpr {
  const span = spanOf(p, node)
  const read = use(String(keys[0]))
  return keys.reduceRight<HExpr>(
    (otherwise, k) => {
      const test: HExpr = { kind: 'binary', op: '===', a: key, b: { kind: 'const', value: k, span }, span }
      return { kind: 'cond', test, then: use(String(k)), else: otherwise, span }
    },
    missingField(span, read),
  )
}

/** A trap where a field is missing, of the type of `present`. */
export function missingField(span: Span, present: HExpr): HExpr {
  return {
    kind: 'index',
    obj: { kind: 'array', elems: [{ kind: 'item', value: present }], span },
    key: { kind: 'const', value: 1, span },
    miss: 'trap',
    iterated: false,
    span,
  }
}
