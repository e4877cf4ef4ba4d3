import type { Span } from '../../base/index.ts'
import type { HClass, HExpr, HVar } from '../hir.ts'
import {
  ALL,
  ARR,
  BIG,
  BOOL,
  FN,
  isBytesName,
  MAP,
  NULL,
  NULLISH,
  NUM,
  OBJ,
  SET,
  STR,
  UNDEF,
  type Kinds,
} from '../kinds.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { classOf } from './classes.ts'
import { guardingClass, isGuarded } from './guards.ts'
import { EXTENDS_TABLE } from '../prelude-files.ts'
import { preludeClass } from './prelude.ts'
import { declarationOf } from './resolve-name.ts'
import { isSetToElement, mayHaveChanged, mayHaveChangedProperty } from './stale.ts'
import type { Build, Place } from './state.ts'
import { fileFacts } from './variables.ts'

export function narrow(x: HExpr, kinds: Kinds, reason: 'flow' | 'assert', span: Span): HExpr {
  return { kind: 'narrow', x, kinds, reason, span }
}

/** The kinds that the checker allows at `node`; ALL where it knows nothing, or guesses. */
export function kindsAt(p: Place, node: ts.Node): Kinds {
  const { checker, isMistyped } = p.build.oracle
  return p.prelude || isMistyped(node) ? ALL : kindsOfType(p.build, checker.getTypeAtLocation(node))
}

/**
 * Narrows a value to what the checker says of it. Nothing is said about values that the checker
 * believes to be only null or undefined: it keeps that belief across calls that change the
 * variable.
 */
export function narrowTo(x: HExpr, kinds: Kinds): HExpr {
  if (kinds === ALL || (kinds & ~NULLISH) === 0) return x
  return narrow(x, kinds, 'flow', x.span)
}

/**
 * A name is narrowed where the checker knows more than its declaration says, or the declaration
 * allows several kinds. A variable that may hold a missing element stays undefined until the program has asked.
 */
export function narrowName(p: Place, x: HExpr, node: ts.Identifier): HExpr {
  if (p.prelude || x.kind !== 'var' || x.v.func) return x
  const of = shownClass(p, x.v, node)
  if (of !== undefined) return { kind: 'narrow', x, kinds: OBJ, reason: 'flow', of, span: x.span }
  const here = kindsAt(p, node)
  if (here === ALL) return x
  const declaration = declarationOf(p.build.oracle, node)
  const declared = declaredKinds(p, declaration)
  if (declaration && (x.v.tested || declared & UNDEF) && fileFacts(p.build, declaration).elements.has(declaration)) {
    const same = (other: ts.Identifier): boolean => declarationOf(p.build.oracle, other) === declaration
    if (isGuarded(node, same)) return narrowTo(x, here)
    return here === declared ? x : narrowTo(x, here | NULLISH)
  }
  if (isStale(p, x.v, node, declared & ~here)) return narrowTo(x, declared)
  const several = (declared & (declared - 1)) !== 0
  const shared = declared !== ALL && x.v.assigned && (x.v.captured || x.v.scope === null)
  const back = shared ? welcome(p, node, declared & ~here, () => nameHasChanged(p, node)) : 0
  return here !== declared || several ? narrowTo(x, here | unsaid(here, declared) | back) : x
}

/** The class that a test has shown a variable to be an instance of. One that is assigned may be another by then. */
function shownClass(p: Place, v: HVar, node: ts.Identifier): HClass | string | undefined {
  const declaration = declarationOf(p.build.oracle, node)
  if (!declaration || v.assigned || !fileFacts(p.build, declaration).instances.has(declaration)) return undefined
  const target = guardingClass(node, (other) => declarationOf(p.build.oracle, other) === declaration)
  const holder = target && holderOf(p, target)
  if (holder?.kind === 'class') return classOf(p.build, holder.declaration)
  if (holder?.kind !== 'library') return undefined
  if (holder.name === 'Date' || holder.name === 'RegExp') return preludeClass(p.build, holder.name)
  return holder.name.endsWith('Error') || isBytesName(holder.name) ? holder.name : undefined
}

/** Whether a call may have stored one of the kinds again that the checker leaves out, in a variable that functions change. */
function isStale(p: Place, v: HVar, node: ts.Identifier, left: Kinds): boolean {
  if (!isOfKinds(left) || !v.assigned || !(v.captured || v.scope === null)) return false
  return nameHasChanged(p, node)
}

function nameHasChanged(p: Place, node: ts.Identifier): boolean {
  const declaration = declarationOf(p.build.oracle, node)
  const refs = declaration ? (fileFacts(p.build, node).refsOf.get(declaration) ?? []) : []
  return mayHaveChanged(p, node, [...(declaration ? [declaration] : []), ...refs.map((ref) => ref.node)])
}

/** Whether kinds are left out that are more than null and undefined, of which calls are believed not to store them. */
const isOfKinds = (left: Kinds): boolean => (left & ~NULLISH) !== 0 && left !== ALL

/**
 * Of null and undefined, which the checker has left out, those that the place of the value takes: calls since the last
 * assignment may have stored them again, which the checker does not see.
 */
function welcome(p: Place, node: ts.Expression, left: Kinds, hasChanged: () => boolean): Kinds {
  if ((left & NULLISH) === 0) return 0
  const wanted = p.build.oracle.checker.getContextualType(node)
  const kinds = wanted ? kindsOfType(p.build, wanted) : ALL
  const taken = kinds === ALL ? 0 : left & NULLISH & kinds
  return taken !== (left & NULLISH) && hasChanged() ? left & NULLISH : taken
}

/** A type without null and undefined says little of them, since programs are written that do not mind them; leaving out what the declaration admits does. */
const unsaid = (here: Kinds, declared: Kinds): Kinds => (declared === ALL ? 0 : NULLISH & ~declared & ~here)

function declaredKinds(p: Place, declaration: ts.Declaration | undefined): Kinds {
  if (!declaration) return ALL
  const name = ts.getNameOfDeclaration(declaration)
  return name ? kindsAt(p, name) : ALL
}

/** The kinds of values that a type allows; ALL for types that say nothing (`any`, `unknown`, `void`, type parameters). */
export function kindsOfType(b: Build, type: ts.Type): Kinds {
  const known = b.kinds.get(type)
  if (known !== undefined) return known
  const made = computeKinds(b, type)
  b.kinds.set(type, made)
  return made
}

function computeKinds(b: Build, type: ts.Type): Kinds {
  const f = type.flags
  if (type.isUnion()) return type.types.reduce((all, t) => all | kindsOfType(b, t), 0) || ALL
  if (f & ts.TypeFlags.NumberLike) return NUM
  if (f & ts.TypeFlags.StringLike) return STR
  if (f & ts.TypeFlags.BooleanLike) return BOOL
  if (f & ts.TypeFlags.BigIntLike) return BIG
  if (f & ts.TypeFlags.Null) return NULL
  if (f & ts.TypeFlags.Undefined) return UNDEF
  if (f & ts.TypeFlags.NonPrimitive) return ARR | FN | OBJ | MAP | SET
  if (type.isIntersection()) return intersectKinds(b, type)
  if (f & ts.TypeFlags.Object) return objectKinds(b, type as ts.ObjectType)
  return ALL
}

/** `string & { brand }` is a string: a primitive part decides. */
function intersectKinds(b: Build, type: ts.IntersectionType): Kinds {
  const parts = type.types.map((t) => kindsOfType(b, t))
  return (
    parts.find((k) => k !== 0 && (k & ~(NUM | STR | BOOL | BIG)) === 0) ??
    (parts.reduce((all, k) => all & k, ALL) || ALL)
  )
}

function objectKinds(b: Build, type: ts.ObjectType): Kinds {
  const checker = b.oracle.checker
  if (checker.isArrayType(type) || checker.isTupleType(type)) return ARR
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return FN
  const declared = type.symbol?.declarations?.[0]
  // What `Record` and `Partial` make are types of the program, though the library declares how.
  const anonymous = type.symbol?.name === ts.InternalSymbolName.Type
  if (declared && !anonymous && b.oracle.isLib(declared))
    return libraryKinds(type.symbol.name) | extendedKinds(b, type.symbol.name)
  const dictionary = checker.getIndexTypeOfType(type, ts.IndexKind.String)
  if (dictionary) {
    // A dictionary whose values may be such dictionaries says by that alone that they are objects.
    b.kinds.set(type, OBJ)
    return kindsOfType(b, dictionary) === ALL ? ARR | FN | OBJ | MAP | SET : OBJ
  }
  return isClassInstance(type) || !fitsPrimitive(b, type) ? OBJ : ALL
}

function libraryKinds(name: string): Kinds {
  if (name === 'Function') return FN
  if (name === 'Number') return NUM
  if (name === 'String') return STR
  if (name === 'Boolean') return BOOL
  if (name === 'RegExpMatchArray' || name === 'RegExpExecArray') return ARR
  if (name === 'Map' || name === 'ReadonlyMap') return MAP
  if (name === 'Set' || name === 'ReadonlySet') return SET
  if (isBytesName(name)) return OBJ
  return name === 'RegExp' || name === 'Date' || name === 'Error' || name.endsWith('Error') ? OBJ : ALL
}

const TABLES: ReadonlySet<string> = new Set(['Map', 'ReadonlyMap', 'Set', 'ReadonlySet'])

/** An instance of a class that extends Map or Set, which is an object here, passes for one. */
const extendedKinds = (b: Build, name: string): Kinds =>
  TABLES.has(name) && b.oracle.userFiles.some(({ text }) => EXTENDS_TABLE.test(text)) ? OBJ : 0

/** Whether the checker takes a value for a typed array, or for one of several things of which some are typed arrays. */
export function hasElements(p: Place, node: ts.Node): boolean {
  if (p.prelude) return true
  const type = p.build.oracle.checker.getTypeAtLocation(node)
  const parts = type.isUnion() ? type.types : [type]
  return parts.some(({ symbol }) => {
    const declaration = symbol?.declarations?.[0]
    return declaration !== undefined && isBytesName(symbol.name) && p.build.oracle.isLib(declaration)
  })
}

function isClassInstance(type: ts.ObjectType): boolean {
  return type.isClass() && type.getProperties().some((s) => s.declarations?.some((d) => isPrivate(d)))
}

function isPrivate(d: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(d)
  if (name && ts.isPrivateIdentifier(name)) return true
  return (ts.getCombinedModifierFlags(d) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0
}

/** Whether a string, an array or a function could be passed for an object type, e.g. for `{ length: number }`. */
function fitsPrimitive(b: Build, type: ts.ObjectType): boolean {
  const checker = b.oracle.checker
  if (checker.getIndexTypeOfType(type, ts.IndexKind.Number) && !checker.getIndexTypeOfType(type, ts.IndexKind.String))
    return true
  const required = type.getProperties().filter((s) => !(s.flags & ts.SymbolFlags.Optional))
  return required.every((s) => LIBRARY_MEMBERS.has(s.name))
}

/** Members that values other than plain objects have as well. */
const LIBRARY_MEMBERS = new Set(
  [
    String.prototype,
    Array.prototype,
    Function.prototype,
    Number.prototype,
    Object.prototype,
    Map.prototype,
    Set.prototype,
  ].flatMap((o) => Object.getOwnPropertyNames(o)),
)

/** Whether the checker takes a value for an array or a string, if it is there at all. */
export function isListed(p: Place, node: ts.Node): boolean {
  const kinds = kindsAt(p, node)
  return kinds !== ALL && (kinds & ~(ARR | STR | NULLISH)) === 0
}

/** As `kindsAt`, for the result of a call or an element: null and undefined are excluded only where TypeScript has narrowed. */
export function resultKinds(p: Place, node: ts.Node): Kinds {
  const kinds = kindsAt(p, node)
  return kinds === ALL ? ALL : kinds | NULLISH
}

/** As `kindsAt`, for a property: what its declaration does not admit is not excluded by it. */
export function propertyKinds(p: Place, node: ts.PropertyAccessExpression): Kinds {
  const here = kindsAt(p, node)
  if (here === ALL) return ALL
  const symbol = p.build.oracle.checker.getSymbolAtLocation(node.name)
  const declared = symbol ? kindsOfType(p.build, p.build.oracle.checker.getTypeOfSymbol(symbol)) : here
  if (declared !== ALL && isOfKinds(declared & ~here) && mayHaveChangedProperty(p, node))
    return declared | unsaid(declared, declared)
  return (
    here |
    unsaid(here, declared === ALL ? here : declared) |
    welcome(p, node, declared & ~here, () => mayHaveChangedProperty(p, node) || isSetToElement(p, node))
  )
}
