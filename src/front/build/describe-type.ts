import type { HClass } from '../hir.ts'
import type { TypeDesc } from '../hir-program.ts'
import { ALL, ARR, BOOL, isBytesName, type Kinds, MAP, NULLISH, NUM, OBJ, SET, STR, UNDEF } from '../kinds.ts'
import { isReserved } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { classOf } from './classes.ts'
import { refuseKey } from './member-key.ts'
import { preludeClass } from './prelude.ts'
import { kindsOfType } from './narrow.ts'
import type { Build } from './state.ts'

type Field = NonNullable<ReturnType<NonNullable<TypeDesc['fields']>>>[number]

/** What a declared type says of the values that an entry may be given. */
export function describeType(b: Build, type: ts.Type): TypeDesc {
  const known = b.types.get(type)
  if (known) return known
  const made = makeDescription(b, type)
  b.types.set(type, made)
  return made
}

function makeDescription(b: Build, type: ts.Type): TypeDesc {
  const checker = b.oracle.checker
  const parts = type.isUnion() ? type.types : [type]
  const kinds = parts.reduce((all, t) => all | inputKinds(b, t), 0)
  const text = checker.typeToString(type)
  if (kinds === ALL) return anyJson(text)
  const arrays = parts.filter((t) => checker.isArrayType(t) || checker.isTupleType(t) || isIterable(b, t))
  const bytes = parts.filter((t) => isBytes(b, t))
  const objects = parts.filter((t) => inputKinds(b, t) === OBJ && !bytes.includes(t))
  const cls = classBehind(b, objects)
  return {
    kinds,
    ...describeArrays(b, arrays),
    ...describeObjects(b, objects),
    ...describeTables(b, parts),
    ...(cls && { cls }),
    ...(bytes.length > 0 && { bytes: () => bytes.flatMap((t) => preludeClass(b, t.symbol.name) ?? []) }),
    text,
  }
}

const JSON_KINDS = NUM | STR | BOOL | NULLISH | ARR | OBJ

/** A type that says nothing of its values: whatever JSON can hold. */
function anyJson(text: string): TypeDesc {
  const made: TypeDesc = { kinds: JSON_KINDS, elem: () => made, dict: () => made, text }
  return made
}

function describeArrays(b: Build, arrays: readonly ts.Type[]): Partial<TypeDesc> {
  const [only, ...others] = arrays
  if (!only) return {}
  if (others.length === 0) return describeArray(b, only)
  // Arrays of several types are one whose elements may be of any of them.
  const elems = arrays
    .map((t) => b.oracle.checker.getIndexTypeOfType(t, ts.IndexKind.Number))
    .filter((t) => t !== undefined)
  return { elem: () => unite(elems.map((t) => describeType(b, t))) }
}

/** Records have named fields; where one type of objects has fields of any name, all of them are dictionaries. */
function describeObjects(b: Build, objects: readonly ts.Type[]): Partial<TypeDesc> {
  if (objects.length === 0) return {}
  if (objects.every((t) => isRecord(b, t))) return { fields: () => describeFields(b, objects) }
  return { dict: () => unite(objects.flatMap((t) => valueTypes(b, t).map((value) => describeType(b, value)))) }
}

function valueTypes(b: Build, type: ts.Type): ts.Type[] {
  const { checker } = b.oracle
  const named = type.getProperties().map((s) => checker.getTypeOfSymbol(s))
  return [...checker.getIndexInfosOfType(type).map((info) => info.type), ...named]
}

function describeTables(b: Build, parts: readonly ts.Type[]): Partial<TypeDesc> {
  const argsOf = (kind: Kinds): readonly ts.Type[] | undefined => {
    const type = parts.find((t) => inputKinds(b, t) === kind)
    return type && b.oracle.checker.getTypeArguments(type as ts.TypeReference)
  }
  const [map, set] = [argsOf(MAP), argsOf(SET)]
  const [key, value] = map ?? []
  const [elem] = set ?? []
  return {
    ...(key && value && { map: () => ({ key: describeType(b, key), value: describeType(b, value) }) }),
    ...(elem && { set: () => describeType(b, elem) }),
  }
}

/** An object type stands for plain objects here, though the values of a program that fit it may be of other kinds. */
function inputKinds(b: Build, type: ts.Type): Kinds {
  const all = kindsOfType(b, type)
  // Callers have no instances of classes that extend them.
  const kinds = all !== ALL && all & (MAP | SET) ? all & ~OBJ : all
  if ((type.flags & ts.TypeFlags.Object) === 0 || type.getCallSignatures().length > 0) return kinds
  if (isIterable(b, type)) return ARR
  const dictionary = b.oracle.checker.getIndexTypeOfType(type, ts.IndexKind.String)
  return dictionary ? OBJ : kinds === ALL && isRecord(b, type) ? OBJ : kinds
}

function describeArray(b: Build, type: ts.Type): Partial<TypeDesc> {
  const checker = b.oracle.checker
  const items = checker.getTypeArguments(type as ts.TypeReference)
  if (!checker.isTupleType(type)) return { elem: () => describeType(b, items[0] as ts.Type) }
  const flags = (type as ts.TupleTypeReference).target.elementFlags
  if (flags.every((f) => f === ts.ElementFlags.Required)) return { tuple: () => items.map((t) => describeType(b, t)) }
  // Tuples of several lengths are arrays of whatever their members are.
  const elem = checker.getIndexTypeOfType(type, ts.IndexKind.Number)
  if (!elem) return {}
  const optional = flags.some((f) => f === ts.ElementFlags.Optional)
  return { elem: () => (optional ? withoutUndefined(describeType(b, elem)) : describeType(b, elem)) }
}

const withoutUndefined = (t: TypeDesc): TypeDesc => ({ ...t, kinds: t.kinds & ~UNDEF })

/** `Iterable<T>`, as which JSON has arrays. */
function isIterable(b: Build, type: ts.Type): boolean {
  const declaration = type.symbol?.declarations?.[0]
  return declaration !== undefined && type.symbol.name === 'Iterable' && b.oracle.isLib(declaration)
}

/** An object type whose fields are all named. */
function isRecord(b: Build, type: ts.Type): boolean {
  return b.oracle.checker.getIndexInfosOfType(type).length === 0
}

/** The fields of an object type, or of all members of a union of them; a field is optional when some member lacks it. */
function describeFields(b: Build, types: readonly ts.Type[]): readonly Field[] {
  const checker = b.oracle.checker
  const names = [...new Set(types.flatMap((t) => t.getProperties().map((s) => s.name)))]
  return names.flatMap((name): Field[] => {
    const symbols = types.map((t) => t.getProperty(name))
    const present = symbols.filter((s) => s !== undefined)
    // Members that are named by symbols are not found by name, and JSON has none.
    if (present.length === 0) return []
    const at = present[0]?.valueDeclaration
    if (at && isReserved(name)) refuseKey(b, at, name)
    const optional = present.length < types.length || present.some((s) => (s.flags & ts.SymbolFlags.Optional) !== 0)
    const parts = present.map((s) => describeType(b, checker.getTypeOfSymbol(s)))
    return [{ name, optional, type: unite(parts) }]
  })
}

const united = new WeakMap<TypeDesc, Map<TypeDesc, TypeDesc>>()

/** The type of a field that members of a union declare differently. The same parts give the same object, since types may be recursive. */
function unite(all: readonly TypeDesc[]): TypeDesc {
  const [first, ...rest] = new Set(all)
  return rest.reduce((sum, next) => {
    const known = united.get(sum)?.get(next)
    if (known) return known
    const made = uniteTwo([sum, next])
    united.set(sum, (united.get(sum) ?? new Map()).set(next, made))
    return made
  }, first as TypeDesc)
}

function uniteTwo(parts: readonly [TypeDesc, TypeDesc]): TypeDesc {
  const kinds = parts.reduce((all, t) => all | t.kinds, 0)
  const lists = parts.filter((t) => t.elem ?? t.tuple)
  const one = lists.length === 1 ? lists[0] : undefined
  const elem = one ? one.elem : lists.length > 1 ? (): TypeDesc => unite(lists.flatMap(elemsOf)) : undefined
  const tuple = one?.tuple
  const fields = parts.filter((t) => t.fields)
  const [map, set] = [parts.find((t) => t.map)?.map, parts.find((t) => t.set)?.set]
  const bytes = parts.flatMap((t) => t.bytes ?? [])
  const dicts = parts.flatMap((t) => t.dict ?? [])
  const objects: Partial<TypeDesc> =
    dicts.length === 0
      ? fields.length > 0
        ? { fields: () => uniteFields(fields) }
        : {}
      : {
          dict: () =>
            unite([...dicts.map((d) => d()), ...fields.flatMap((t) => t.fields?.() ?? []).map((f) => f.type)]),
        }
  return {
    kinds,
    ...(elem && { elem }),
    ...(tuple && { tuple }),
    ...objects,
    ...(map && { map }),
    ...(set && { set }),
    ...(bytes.length > 0 && { bytes: () => bytes.flatMap((classes) => classes()) }),
    text: [...new Set(parts.map((t) => t.text))].join(' | '),
  }
}

/** What the elements of a list may be. */
const elemsOf = (t: TypeDesc): readonly TypeDesc[] => (t.elem ? [t.elem()] : (t.tuple?.() ?? []))

function uniteFields(parts: readonly TypeDesc[]): readonly Field[] {
  const lists = parts.map((t) => t.fields?.() ?? [])
  const names = [...new Set(lists.flatMap((list) => list.map((f) => f.name)))]
  return names.map((name): Field => {
    const found = lists.map((list) => list.find((f) => f.name === name)).filter((f) => f !== undefined)
    return {
      name,
      optional: found.length < lists.length || found.some((f) => f.optional),
      type: unite(found.map((f) => f.type)),
    }
  })
}

/** Whether a type is that of typed arrays, DataViews or ArrayBuffers, which are of classes of the prelude. */
function isBytes(b: Build, type: ts.Type): boolean {
  const declaration = type.symbol?.declarations?.[0]
  return declaration !== undefined && isBytesName(type.symbol.name) && b.oracle.isLib(declaration)
}

function classBehind(b: Build, objects: readonly ts.Type[]): HClass | undefined {
  const declaration = objects.length === 1 ? objects[0]?.symbol?.valueDeclaration : undefined
  return declaration && ts.isClassLike(declaration) && !b.oracle.isLib(declaration)
    ? classOf(b, declaration)
    : undefined
}
