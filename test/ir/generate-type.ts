import {
  admits,
  ANY,
  arrayOf,
  BIGINT,
  BOOL,
  dictOf,
  ERROR_OBJECT,
  F64,
  funcOf,
  I32,
  isUnion,
  JSON_VALUE,
  mapOf,
  membersOf,
  NULL,
  objectOf,
  SELF,
  setOf,
  optional,
  STRING,
  tupleOf,
  TYPED_ARRAYS,
  UNDEFINED,
  unionOf,
  type Field,
  type Func,
  type ObjectDef,
  type Type,
} from '../../src/ir/index.ts'
import type { Random } from './random.ts'

export const NAMES = [
  'x',
  'total',
  '$1',
  'a b',
  '',
  'while',
  'NaN',
  'Infinity',
  'ünïcode',
  '\ud800',
  '"',
  '#5',
  'f64.add',
]
const FIELD_NAMES = ['a', 'b', 'name', 'message', '2', '10', '01', '4294967295', '$', '__proto__', 'constructor', 'ü']

const SCALARS = [F64, F64, F64, I32, BOOL, STRING, STRING, BIGINT, UNDEFINED, NULL, ANY, JSON_VALUE]

/** The functions and objects that a random type may speak of. */
type Known = { readonly objects: readonly ObjectDef[]; readonly funcs: readonly FuncHead[] }

export type FuncHead = Omit<Func, 'body' | 'span'>

/** A random type, nested at most `depth` deep, of objects and functions that are known. */
export function makeType(random: Random, known: Known, depth: number): Type {
  const { pick, int, oneIn } = random
  if (depth <= 0 || oneIn(3)) return pick(SCALARS)
  const inner = (): Type => makeType(random, known, depth - 1)
  switch (int(8)) {
    case 0:
    case 1:
      return arrayOf(oneIn(3) ? F64 : inner())
    case 2:
      return tupleOf(Array.from({ length: int(4) }, inner))
    case 3:
      return objectOf(int(known.objects.length))
    case 4: {
      const funcs = known.funcs.filter((f) => !f.params.some((p) => p.type.kind === 'cell'))
      return funcs.length > 0 ? closureType(pick(funcs)) : F64
    }
    case 5:
      return pick([mapOf(inner(), inner()), setOf(inner()), dictOf(inner())])
    case 6:
      return oneIn(2) ? makeNested(random, known) : makeUnion(random, known, inner())
    default:
      return makeUnion(random, known, inner())
  }
}

/** Two or three members, several objects among them at times; one array, tuple or func at most. */
function makeUnion({ pick, int, oneIn }: Random, known: Known, more: Type): Type {
  const objects = known.objects.map((_, id) => objectOf(id))
  const options = [UNDEFINED, UNDEFINED, NULL, F64, F64, STRING, BIGINT, BOOL]
  const extra = ['array', 'tuple', 'func', 'map', 'set', 'dict'].includes(more.kind) ? [more] : []
  const some = oneIn(2) ? [pick(objects), ...(oneIn(2) ? [pick(objects)] : [])] : []
  const made = unionOf([...Array.from({ length: 1 + int(2) }, () => pick(options)), ...some, ...extra])
  return isUnion(made) ? made : unionOf([made, made.kind === 'undefined' ? NULL : UNDEFINED])
}

/** Some scalars, an object at times, and containers of all that again. */
function makeNested({ pick, oneIn }: Random, known: Known): Type {
  const scalars = [BIGINT, BOOL, F64, NULL, STRING, UNDEFINED].filter(() => oneIn(2))
  const objects = known.objects.map((_, id) => objectOf(id)).filter(() => oneIn(4))
  const tables = [mapOf(pick([STRING, SELF]), SELF), setOf(SELF), dictOf(SELF)].filter(() => oneIn(3))
  const list = oneIn(4) ? tupleOf([SELF, pick(SCALARS)]) : arrayOf(SELF)
  const members = [F64, ...scalars, ...objects, ...tables, ...(tables.length === 0 || oneIn(2) ? [list] : [])]
  return { kind: 'nested', members: membersOf(unionOf(members)) }
}

export function closureType(func: FuncHead): Type {
  return funcOf(
    func.params.map((p) => p.type),
    func.result,
  )
}

/** Typed arrays of any kind and storage, or buffers. */
function makeBytes({ oneIn, pick }: Random, objects: readonly ObjectDef[]): ObjectDef {
  const buffers = objects.flatMap(({ role }, id) => (role === 'buffer' ? [objectOf(id)] : []))
  const [buffer] = buffers
  if (!buffer || oneIn(6)) return { role: 'buffer', name: 'ArrayBuffer', fields: [] }
  const field = (name: string, type: Type): Field => ({ name, type, hidden: true })
  const window = [field('#offset', F64), field('#length', F64)]
  const name = pick(Object.keys(TYPED_ARRAYS))
  const isView = name === 'DataView' || oneIn(2)
  return { role: 'typed', name, fields: isView ? [...window, field('#buffer', buffer)] : oneIn(2) ? window : [] }
}

/** A buffer and views of it, two of one kind: what can be copied from one to the other. */
export function makeViews(random: Random): ObjectDef[] {
  const buffer: ObjectDef = { role: 'buffer', name: 'ArrayBuffer', fields: [] }
  const one = makeBytes(random, [ERROR_OBJECT, buffer])
  return [buffer, one, random.oneIn(2) ? one : makeBytes(random, [ERROR_OBJECT, buffer])]
}

/** Fields of different names, which may be of any of `count` objects. */
function fieldsOf(random: Random, first: ObjectDef, count: number): () => Field {
  const { int, oneIn } = random
  const known = { objects: Array.from({ length: count + 1 }, () => first), funcs: [] }
  const names = FIELD_NAMES.filter(() => oneIn(2))
  return () => ({
    name: names.splice(int(names.length), 1)[0] ?? 'last',
    type: oneIn(4) ? unionOf([NULL, objectOf(1 + int(count))]) : makeType(random, known, 1),
    ...(oneIn(3) && { optional: true }),
    ...(oneIn(8) && { hidden: true }),
  })
}

/** The first definition: that of Error, at times with more fields, which its errors need not have. */
export function makeError(random: Random, count: number): ObjectDef {
  if (!random.oneIn(3)) return ERROR_OBJECT
  const field = fieldsOf(random, ERROR_OBJECT, count)
  const more = Array.from({ length: 1 + random.int(3) }, (): Field => ({ ...field(), optional: true }))
  return { ...ERROR_OBJECT, fields: distinct([...ERROR_OBJECT.fields, ...more]) }
}

function distinct(fields: readonly Field[]): Field[] {
  const seen = new Set<string>()
  return fields.filter((f) => seen.size < seen.add(f.name).size)
}

const SYMBOL: ObjectDef = {
  role: 'symbol',
  name: 'Symbol',
  fields: [{ name: '#description', type: optional(STRING), hidden: true }],
}

/** A definition whose fields may be of any of `count` objects; at times with the fields of an earlier one, to be assigned from. */
export function makeObject(random: Random, objects: readonly ObjectDef[], count: number): ObjectDef {
  const { int, oneIn, pick } = random
  if (oneIn(4)) return makeBytes(random, objects)
  if (oneIn(12)) return SYMBOL
  const role = oneIn(8) ? 'error' : oneIn(3) ? 'class' : 'record'
  const field = fieldsOf(random, objects[0]!, count)
  const earlier = objects.length > 1 && oneIn(3) ? pick(objects.slice(1)).fields.filter((f) => !f.hidden) : []
  const copied = earlier.map(({ name, type }): Field => ({ name, type }))
  if (oneIn(2)) copied.reverse()
  const first = role === 'error' ? ERROR_OBJECT.fields : []
  const fields = distinct([...first, ...copied, ...Array.from({ length: int(4) }, field)])
  const key: Field = { name: 'name', type: STRING, ...(oneIn(2) && { optional: true }) }
  const isKey = role === 'error' && oneIn(3)
  const tag = role === 'class' && oneIn(4) ? { tag: `${pick(NAMES)}!` } : {}
  return { role, name: pick(NAMES), ...tag, fields: isKey ? fields.toSpliced(first.length + int(2), 0, key) : fields }
}

/** Whether locals of the type may be read before they are set. spec: module#locals */
export function hasDefault(type: Type): boolean {
  return ['f64', 'i32', 'bool', 'string'].includes(type.kind) || admits(type, UNDEFINED)
}

/** Whether an entry can take the type: JSON holds its values, and tells them apart at first sight. */
export function isGivable(objects: readonly ObjectDef[], type: Type, depth = 3): boolean {
  const on = (inner: Type): boolean => isGivable(objects, inner, depth - 1)
  switch (type.kind) {
    case 'i32':
    case 'func':
    case 'cell':
      return false
    case 'array':
      return on(type.elem)
    case 'map':
      return on(type.key) && on(type.value)
    case 'set':
      return on(type.elem)
    case 'dict':
      return on(type.value)
    case 'tuple':
      return type.elems.every(on)
    case 'object':
      return depth > 0 && objects[type.id]!.role === 'record' && objects[type.id]!.fields.every((f) => on(f.type))
    case 'nested':
    case 'union':
      return type.members.every(on) && type.members.filter((m) => m.kind === 'object').length < 2
    default:
      return true
  }
}
