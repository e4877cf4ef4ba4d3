import type { Span } from '../../base/index.ts'
import type { HExpr } from '../hir.ts'
import { NULLISH, OBJ } from '../kinds.ts'
import { ts } from '../oracle.ts'
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
  return keys.every((key) => memberAt(p, node, key)) ? keys : undefined
}

/** The members that a read of `obj[key]` may mean, where the type of `key` lists them and one is an accessor, which is no field to look for by its name. */
export function accessorKeys(p: Place, node: ts.ElementAccessExpression): readonly (string | number)[] | undefined {
  const keys = lookupKeys(p, node)
  return keys?.some((key) => (memberAt(p, node, key)?.flags ?? 0) & ts.SymbolFlags.Accessor) ? keys : undefined
}

/** The methods that `obj[key](...)` may mean, where the type of `key` lists them, be the object of several classes. */
export function methodKeys(p: Place, node: ts.ElementAccessExpression): readonly (string | number)[] | undefined {
  const keys = lookupKeys(p, node)
  const isMethod = (key: string | number): boolean => {
    const declarations = memberAt(p, node, key)?.declarations ?? []
    return declarations.length > 0 && declarations.every((d) => ts.isMethodDeclaration(d) && ts.isClassLike(d.parent))
  }
  return keys?.every(isMethod) ? keys : undefined
}

function memberAt(p: Place, node: ts.ElementAccessExpression, key: string | number): ts.Symbol | undefined {
  const { checker } = p.build.oracle
  const object = checker.getNonNullableType(checker.getTypeAtLocation(node.expression))
  return checker.getPropertyOfType(object, String(key))
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
