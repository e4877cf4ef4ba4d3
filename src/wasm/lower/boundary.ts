import {
  ERROR_DEF,
  formatType,
  isTable,
  keyOf,
  membersOf,
  type Entry,
  type TableType,
  type Type,
} from '../../ir/index.ts'
import { ANYREF, EXTERNREF, F64, I32, I64, refNull, type Code, type ValType } from '../encoder/index.ts'
import { structGet, testUnset } from '../layout/slot.ts'
import { open, toSlot } from './slots.ts'
import { elementKind } from '../layout/elements.ts'
import { ARRAY_NOTE, CLOSURE_FUNC, errorKindAt, errorTraceAt } from '../layout/struct-fields.ts'
import type { Container } from '../layout/types.ts'
import { isFamily, optionalOf, repOf } from '../layout/values.ts'
import { ArrayCode, newArray } from '../runtime/arrays.ts'
import { placeEntry } from '../runtime/table-entries.ts'
import { TableCode, valueOf } from '../runtime/tables.ts'
import { box } from './boxes.ts'
import { makeError } from './errors.ts'
import { buildTyped, giveBytes, giveTyped } from './typed-boundary.ts'
import { contentToSlot, contentType, fieldsOf, getContent, pushUnsetContent, toContent, type Field } from './fields.ts'
import type { ModuleLowering } from './module.ts'

/**
 * How values cross between compiled code and the host. The host cannot look into structs, so it gives values one by one
 * to functions that build what they mean, and asks `explode` to give it the parts of an object one by one.
 */

/** What `explode` says an object is; objects follow by their definition, then arrays and tuples by the number of their type. */
export const PART = { box: 0, closure: 1, objects: 2 } as const

/** How the host says which member of `any` it gives: it has no value for it, or it is of that kind. */
export const ANY_MEMBER = { small: 0, number: 1, string: 2, array: 3 } as const

const ANY_ARRAY: Type = { kind: 'array', elem: { kind: 'any' } }

/** A function without parameters that takes what it calls a function with from the host, and gives the result back. */
export function exportEntry(
  m: ModuleLowering,
  name: string,
  func: number,
  params: Entry['params'],
  result: Type,
): void {
  m.exportHelper(name, [], [], (c) => {
    const args = params.map(({ type }) => buildArgument(m, c, type))
    if (m.takesDepth.has(func)) c.i32(0)
    for (const arg of args) if (arg >= 0) c.get(arg)
    c.call(m.func(func))
    giveResult(m, c, result)
  })
}

/** Builds an argument into a local; the host keeps what the program may change. */
function buildArgument(m: ModuleLowering, c: Code, type: Type): number {
  const valType = m.types.valType(type)
  if (!valType) return -1
  const local = c.local(valType)
  c.call(build(m, type)).set(local)
  const rep = repOf(type)
  if (rep !== 'ref' && rep !== 'dyn' && rep !== 'opt') return local
  c.get(local)
  if (rep === 'opt') box(m, c, type)
  c.gc('extern.convert_any').call(m.imports.service('giveValue'))
  return local
}

function giveResult(m: ModuleLowering, c: Code, type: Type): void {
  const rep = repOf(type)
  if (rep === 'unit') return
  if (rep === 'i32' || rep === 'bool') c.op('f64.convert_i32_s')
  if (rep === 'opt') box(m, c, type)
  if (rep === 'ref' || rep === 'dyn' || rep === 'opt') c.gc('extern.convert_any')
  c.call(m.imports.service(rep === 'f64' || rep === 'i32' || rep === 'bool' ? 'giveNumber' : 'giveValue'))
}

/** A function that builds a value of a type: `() -> value`. Types may be recursive, and so are these. */
export function build(m: ModuleLowering, type: Type): number {
  return m.helper(`build ${formatType(type)}`, [], m.types.valTypes([type]), (c) => buildBody(m, c, type))
}

function buildBody(m: ModuleLowering, c: Code, type: Type): void {
  const { imports } = m
  switch (type.kind) {
    case 'undefined':
    case 'null':
      return
    case 'f64':
      c.call(imports.service('takeNumber'))
      return
    case 'i32':
    case 'bool':
      c.call(imports.service('takeCount'))
      return
    case 'string':
    case 'bigint':
      c.call(imports.service('takeValue'))
      return
    case 'array':
      return buildArray(m, c, type.elem)
    case 'tuple':
      for (const elem of type.elems) {
        c.call(build(m, elem))
        toSlot(m, c, elem)
      }
      c.gc('struct.new', m.types.structOf(type))
      return
    case 'object':
      return buildObject(m, c, type.id)
    case 'map':
    case 'set':
    case 'dict':
      return buildTable(m, c, type)
    case 'json':
    case 'nested':
    case 'union':
      return buildMember(m, c, type)
    case 'any':
      return buildAny(m, c)
    default:
      throw new Error(`no argument is a ${type.kind}`)
  }
}

/** The host says which member comes, by its number. */
function buildMember(m: ModuleLowering, c: Code, type: Type): void {
  const members = membersOf(type)
  const chosen = c.local(I32)
  c.call(m.imports.service('takeCount')).set(chosen)
  members.forEach((member, i) => {
    const isLast = i === members.length - 1
    if (!isLast) c.get(chosen).i32(i).op('i32.eq').if(ANYREF)
    c.call(build(m, member))
    box(m, c, member)
    if (!isLast) c.else()
  })
  for (let i = 1; i < members.length; i++) c.end()
  if (optionalOf(type)) c.call(open(m, type))
  else if (isFamily(type)) c.refOp('ref.cast', m.types.structOf(type))
}

function buildAny(m: ModuleLowering, c: Code): void {
  const chosen = c.local(I32)
  const is = (member: number): void => void c.get(chosen).i32(member).op('i32.eq').if(ANYREF)
  c.call(m.imports.service('takeCount')).set(chosen)
  is(ANY_MEMBER.small)
  c.call(m.imports.service('takeCount')).gc('ref.i31').else()
  is(ANY_MEMBER.number)
  c.call(m.imports.service('takeNumber'))
  box(m, c, { kind: 'f64' })
  c.else()
  is(ANY_MEMBER.string)
  c.call(m.imports.service('takeValue')).gc('any.convert_extern').else()
  c.call(build(m, ANY_ARRAY)).end().end().end()
}

/** Length, then for each element whether it is there, and the element. */
function buildArray(m: ModuleLowering, c: Code, elem: Type): void {
  const kept = m.types.element(elem)
  const a = new ArrayCode(m, kept)
  const array = c.local(a.type)
  const count = c.local(I32)
  const i = c.local(I32)
  const take = m.imports.service('takeCount')
  c.call(take).tee(count).call(newArray(m, kept)).set(array)
  const out = c.block()
  const top = c.loop()
  c.get(i).get(count).op('i32.ge_u').brIf(out)
  c.call(take).if()
  a.storage(c, array)
  c.get(i).call(build(m, elem))
  toSlot(m, c, elem)
  a.store(c)
  c.end()
  c.get(i).i32(1).op('i32.add').set(i).br(top)
  c.end().end().get(array)
}

/** The number of entries, then the key and the value of each. */
function buildTable(m: ModuleLowering, c: Code, type: TableType): void {
  const t = new TableCode(m, type)
  const table = c.local(refNull(t.struct))
  const left = c.local(I32)
  const entry = c.local(I32)
  const value = valueOf(type)
  t.make(c)
  c.set(table).call(m.imports.service('takeCount')).set(left)
  const out = c.block()
  const top = c.loop()
  c.get(left).op('i32.eqz').brIf(out)
  c.get(table).call(build(m, keyOf(type)))
  t.key.keep(c)
  c.call(placeEntry(t)).i32(-1).op('i32.xor').set(entry)
  if (value && t.values) {
    t.field(c, table, 'values')
    c.get(entry).call(build(m, value))
    toSlot(m, c, value)
    t.values.store(c)
  }
  c.get(left).i32(1).op('i32.sub').set(left).br(top)
  c.end().end().get(table)
}

/** The number of the key order, then for each field whether it is there, and the field. */
function buildObject(m: ModuleLowering, c: Code, id: number): void {
  if (m.module.objects[id]!.role === 'typed') return buildTyped(m, c, { kind: 'object', id })
  const { struct, hasIdentity, order } = m.types.object(id)
  const take = m.imports.service('takeCount')
  if (hasIdentity) c.i32(0)
  if (order !== undefined) c.call(take)
  for (const field of fieldsOf(m, id, m.module.objects[id]!)) {
    c.call(take).if(contentType(m, field)).call(build(m, field.type))
    toContent(m, c, field)
    c.else()
    pushUnsetContent(m, c, field)
    c.end()
  }
  c.gc('struct.new', struct)
}

/** What the host needs besides the entries; after everything else, when all types are known. */
export function exportBoundary(m: ModuleLowering): void {
  m.exportHelper('make error', [EXTERNREF, EXTERNREF, I32, EXTERNREF], [EXTERNREF], (c) => {
    makeError(m, c, ERROR_DEF, [() => c.get(0), () => c.get(1), () => c.get(2), () => c.get(3)])
    c.gc('extern.convert_any')
  })
  m.exportHelper('explode', [EXTERNREF], [I32], (c) => {
    const value = c.local(ANYREF)
    c.get(0).gc('any.convert_extern').set(value)
    explodeBoxes(m, c, value)
    for (const id of m.types.objects.keys()) explodeObject(m, c, value, id)
    m.types.containers.forEach((container, i) => {
      explodeContainer(m, c, value, container, PART.objects + m.module.objects.length + i)
    })
    c.op('unreachable')
  })
}

/** If the value is of the struct, gives its parts and returns what it is. */
function explodeStruct(c: Code, value: number, struct: number, part: number, give: () => void): void {
  c.get(value).refOp('ref.test', struct).if()
  give()
  c.i32(part).op('return').end()
}

function explodeBoxes(m: ModuleLowering, c: Code, value: number): void {
  const number = m.imports.service('giveNumber')
  const { box: boxed, closure } = m.types
  explodeStruct(c, value, boxed, PART.box, () => {
    c.get(value).refOp('ref.cast', boxed).gc('struct.get', boxed, 0).call(number)
  })
  explodeStruct(c, value, closure, PART.closure, () => {
    c.get(value).refOp('ref.cast', closure).gc('struct.get', closure, CLOSURE_FUNC).op('f64.convert_i32_s').call(number)
  })
}

function explodeContainer(m: ModuleLowering, c: Code, value: number, { struct, type }: Container, part: number): void {
  if (type.kind === 'array') return explodeArray(m, c, value, type.elem, part)
  if (isTable(type)) return explodeTable(m, c, value, type, part)
  explodeStruct(c, value, struct, part, () => type.elems.forEach((elem, at) => givePart(m, c, value, struct, at, elem)))
}

function explodeArray(m: ModuleLowering, c: Code, value: number, elem: Type, part: number): void {
  const a = new ArrayCode(m, m.types.element(elem))
  const array = c.local(a.type)
  explodeStruct(c, value, a.struct, part, () => {
    c.get(value).refOp('ref.cast', a.struct).set(array)
    giveElements(m, c, a, array)
    if (m.types.isCarrier(a.elem)) giveNote(m, c, a, array)
  })
}

/** Tells the host of the object that an array in a local carries. */
function giveNote(m: ModuleLowering, c: Code, a: ArrayCode, array: number): void {
  const note = c.local(ANYREF)
  c.get(array).gc('struct.get', a.struct, ARRAY_NOTE).tee(note).op('ref.is_null').op('i32.eqz').if()
  c.get(array).gc('extern.convert_any').get(note).gc('extern.convert_any').call(m.imports.service('note')).end()
}

/** Gives the elements of an array in a local. */
function giveElements(m: ModuleLowering, c: Code, a: ArrayCode, array: number): void {
  const i = c.local(I32)
  const out = c.block()
  const top = c.loop()
  c.get(i)
  a.length(c, array)
  c.op('i32.ge_u').brIf(out)
  a.storage(c, array)
  c.get(i)
  a.load(c)
  giveSlot(m, c, a.elem.kind, a.slot)
  c.get(i).i32(1).op('i32.add').set(i).br(top)
  c.end().end()
}

/** Whether it inherits nothing, then the key and the value of each entry, in their order. */
function explodeTable(m: ModuleLowering, c: Code, value: number, type: TableType, part: number): void {
  const t = new TableCode(m, type)
  const table = c.local(refNull(t.struct))
  explodeStruct(c, value, t.struct, part, () => {
    c.get(value).refOp('ref.cast', t.struct).set(table)
    t.field(c, table, 'bare')
    c.op('f64.convert_i32_u').call(m.imports.service('giveNumber'))
    const entry = c.local(I32)
    const out = c.block()
    const top = c.loop()
    c.get(entry)
    t.field(c, table, 'used')
    c.op('i32.ge_u').brIf(out)
    t.hashAt(c, table, entry)
    c.if()
    t.keyAt(c, table, entry)
    giveSlot(m, c, t.keys.elem.kind, t.keys.slot)
    if (t.values) {
      t.valueAt(c, table, entry)
      giveSlot(m, c, t.values.elem.kind, t.values.slot)
    }
    c.end()
    c.get(entry).i32(1).op('i32.add').set(entry).br(top)
    c.end().end()
  })
}

function explodeObject(m: ModuleLowering, c: Code, value: number, id: number): void {
  const { struct, order, first } = m.types.object(id)
  const def = m.module.objects[id]!
  const get = (field: number): void => void c.get(value).refOp('ref.cast', struct).gc('struct.get', struct, field)
  explodeStruct(c, value, struct, PART.objects + id, () => {
    if (order !== undefined) {
      get(order)
      c.op('f64.convert_i32_s').call(m.imports.service('giveNumber'))
    }
    if (def.role === 'typed') return giveTyped(m, c, value, { kind: 'object', id })
    if (def.role === 'buffer') return giveBytes(m, c, value, { kind: 'object', id })
    for (const field of fieldsOf(m, id, def)) giveField(m, c, value, field)
    if (def.role !== 'error') return
    get(first + errorKindAt(def))
    c.op('f64.convert_i32_s').call(m.imports.service('giveNumber'))
    get(first + errorTraceAt(def))
    c.call(m.imports.service('giveValue'))
  })
}

function giveField(m: ModuleLowering, c: Code, value: number, field: Field): void {
  c.get(value).refOp('ref.cast', field.struct)
  getContent(c, field)
  const content = contentToSlot(m, c, field)
  giveSlot(m, c, elementKind(field.type), content)
}

function givePart(m: ModuleLowering, c: Code, value: number, struct: number, field: number, type: Type): void {
  c.get(value).refOp('ref.cast', struct)
  structGet(c, struct, field, type)
  giveSlot(m, c, elementKind(type), m.types.storageType(type))
}

/** Gives the content of a slot on the stack, or that it is unset. */
function giveSlot(m: ModuleLowering, c: Code, kind: ReturnType<typeof elementKind>, storage: ValType): void {
  const { imports } = m
  const type: ValType = kind === 'bool' ? I32 : kind === 'ref' ? storage : SLOT_TYPE[kind]
  const slot = c.borrow(type)
  c.tee(slot)
  testUnset(c, kind)
  c.if().call(imports.service('giveUnset')).else().get(slot)
  if (kind === 'bool') c.op('f64.convert_i32_u')
  if (kind === 'i32') c.op('i32.wrap_i64').op('f64.convert_i32_s')
  if (kind === 'ref') c.gc('extern.convert_any')
  c.call(imports.service(kind === 'string' || kind === 'ref' ? 'giveValue' : 'giveNumber')).end()
  c.release(type, slot)
}

const SLOT_TYPE = { f64: F64, i32: I64, string: EXTERNREF } as const
