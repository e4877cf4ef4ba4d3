import { formatType, isBoxed, isTable, isUnion, membersOf, type ObjectDef, type Type } from '../../ir/index.ts'
import { isAccessor } from '../../values/index.ts'
import { ANYREF, EXTERNREF, I32, refNull, type Code } from '../encoder/index.ts'
import { structGet } from '../layout/slot.ts'
import { isFamily, optionalOf, repOf } from '../layout/values.ts'
import { testType, unboxWith } from '../lower/boxes.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { fieldOf, fromContent, getContent, testUnsetContent } from '../lower/fields.ts'
import { fromSlot, open, testNone } from '../lower/slots.ts'
import { ArrayCode } from './arrays.ts'
import { sortedDict } from './dicts.ts'
import {
  FAILED,
  orFail,
  writeComma,
  writeName,
  writeNumber,
  writeQuoted,
  writeText,
  writeUnit,
  writeWord,
  WRITTEN,
} from './json-out.ts'
import { code, step } from './json-text.ts'
import { fieldsOfOrder } from './key-order.ts'
import { TableCode } from './tables.ts'

/**
 * Values as JSON text (25.5.2), by their types. What is none of JSON's, or lies deep, is left to the host, which then writes the whole: it words what is wrong.
 */

/** Said of undefined and functions, for which nothing was written. */
const OMITTED = 2

/** Levels that compiled code writes. */
const DEPTH_MAX = 1_000

/** The text of a boxed value, null where the host has to write it: `(value) -> text`. `type`: what the value was before it was boxed. */
export function writeJson(m: ModuleLowering, type: Type): number {
  const { jsonUnits, jsonLength } = m.global
  return m.helper(`json text of ${formatType(type)}`, [ANYREF], [EXTERNREF], (c) => {
    c.i32(0).globalSet(jsonLength).get(0)
    unboxed(m, c, type)
    c.i32(0).call(writeValue(m, type)).i32(WRITTEN).op('i32.eq').if(EXTERNREF)
    c.globalGet(jsonUnits).i32(0).globalGet(jsonLength).call(m.imports.builtin('fromCharCodeArray'))
    c.else().refNull(0x6f, true).end()
    c.globalGet(jsonUnits).gc('array.len').i32(KEPT_MAX).op('i32.gt_u').if()
    c.globalGet(m.emptyArray(m.imports.units)).globalSet(jsonUnits).end()
  })
}

/** Units of the array that is kept for the next text. */
const KEPT_MAX = 2 ** 16

/** Turns a boxed value on the stack, which is of the type, into that. */
function unboxed(m: ModuleLowering, c: Code, type: Type): void {
  if (optionalOf(type)) c.call(open(m, type))
  else if (repOf(type) === 'unit') c.op('drop')
  else if (isFamily(type)) c.refOp('ref.cast', m.types.structOf(type))
  else if (!isBoxed(type)) {
    const how = unboxWith(m, type)
    if (typeof how === 'number') c.call(how)
    else c.refOp('ref.cast', how.cast)
  }
}

/** Writes a value: `(value, depth) -> how`; a unit has no value. */
function writeValue(m: ModuleLowering, type: Type): number {
  const valTypes = m.types.valTypes([type])
  return m.helper(`json write ${formatType(type)}`, [...valTypes, I32], [I32], (c) => {
    const value = 0
    const depth = valTypes.length
    if (optionalOf(type)) return writeOptional(m, c, type)
    if (isUnion(type)) return writeMember(m, c, membersOf(type))
    if (type.kind === 'any') return writeMember(m, c, SCALARS)
    if (isContainer(m, type)) {
      c.get(depth).i32(DEPTH_MAX).op('i32.le_u')
      orFail(c)
    }
    writeOne(m, c, type, value)
  })
}

const SCALARS: readonly Type[] = (['undefined', 'null', 'bool', 'f64', 'string'] as const).map((kind) => ({ kind }))

const isContainer = (m: ModuleLowering, type: Type): boolean =>
  type.kind === 'array' ||
  type.kind === 'tuple' ||
  isTable(type) ||
  (type.kind === 'object' && isWritten(m.module.objects[type.id]!))

/** Records and instances of classes; a function `toJSON` or an accessor would have a say. */
const isWritten = ({ role, fields }: ObjectDef): boolean =>
  (role === 'record' || role === 'class') && !fields.some(({ name }) => name === 'toJSON' || isAccessor(name))

function writeOne(m: ModuleLowering, c: Code, type: Type, value: number): void {
  switch (type.kind) {
    case 'undefined':
    case 'func':
      c.i32(OMITTED)
      return
    case 'null':
      c.call(writeWord(m, 'null'))
      return
    case 'bool':
      c.get(value).if(I32).call(writeWord(m, 'true')).else().call(writeWord(m, 'false')).end()
      return
    case 'f64':
      c.get(value)
      m.callApart(c, writeNumber(m))
      return
    case 'string':
      c.get(value).call(writeQuoted(m))
      return
    case 'array':
      return writeArray(m, c, type.elem)
    case 'tuple':
      return bracketed(m, c, '[', ']', () => {
        type.elems.forEach((elem, i) => writeElement(m, c, elem, () => element(m, c, m.types.structOf(type), i, elem)))
      })
    case 'dict':
      // One of its functions may be `toJSON`, which the host looks for.
      if (membersOf(type.value).some(({ kind }) => kind === 'func')) return void c.i32(FAILED)
      return writeDict(m, c, new TableCode(m, type))
    case 'map':
    case 'set':
      return bracketed(m, c, '{', '}', () => undefined)
    case 'object':
      return writeObject(m, c, type.id)
    default:
      c.i32(FAILED)
  }
}

function writeOptional(m: ModuleLowering, c: Code, type: Type): void {
  const { none, base } = optionalOf(type)!
  c.get(0)
  testNone(c, { none, base })
  c.if(I32)
  if (none === 'null') c.call(writeWord(m, 'null'))
  else c.i32(OMITTED)
  c.else().get(0)
  if (repOf(base) === 'ref') c.op('ref.as_non_null')
  c.get(1).call(writeValue(m, base)).end()
}

/** Writes a boxed value that is one of several types. */
function writeMember(m: ModuleLowering, c: Code, members: readonly Type[]): void {
  for (const member of members.toSorted((a, b) => orderOf(a) - orderOf(b))) {
    testType(m, c, 0, member)
    c.if()
    if (member.kind === 'func') {
      c.i32(OMITTED).op('return').end()
      continue
    }
    if (m.types.valType(member)) {
      c.get(0)
      unboxed(m, c, member)
    }
    c.get(1).call(writeValue(m, member)).op('return').end()
  }
  c.i32(FAILED)
}

const LATE = ['bool', 'null', 'undefined', 'func']

/** What most values are comes first. */
const orderOf = ({ kind }: Type): number => (kind === 'string' ? 0 : kind === 'f64' ? 1 : 2 + LATE.indexOf(kind) + 1)

/** Writes what is between brackets. */
function bracketed(m: ModuleLowering, c: Code, open: string, close: string, body: () => void): void {
  c.i32(code(open)).call(writeUnit(m))
  orFail(c)
  body()
  c.i32(code(close)).call(writeUnit(m))
}

/** Writes an element that `push` pushes, at a depth in local 1. */
function writeElement(m: ModuleLowering, c: Code, elem: Type, push: () => void): void {
  const how = c.borrow(I32)
  c.call(writeComma(m))
  orFail(c)
  push()
  c.get(1).i32(1).op('i32.add').call(writeValue(m, elem)).tee(how)
  orFail(c)
  c.get(how).i32(OMITTED).op('i32.eq').if().call(writeWord(m, 'null'))
  orFail(c)
  c.end().release(I32, how)
}

/** Pushes an element of the tuple in local 0. */
function element(m: ModuleLowering, c: Code, struct: number, at: number, type: Type): void {
  c.get(0)
  structGet(c, struct, at, type)
  fromSlot(m, c, type)
}

function writeArray(m: ModuleLowering, c: Code, elem: Type): void {
  const a = new ArrayCode(m, m.types.element(elem))
  const [at, item] = [c.local(I32), c.local(a.slot)]
  bracketed(m, c, '[', ']', () => {
    const out = c.block()
    const top = c.loop()
    c.get(at)
    a.length(c, 0)
    c.op('i32.ge_u').brIf(out)
    a.storage(c, 0)
    c.get(at)
    a.load(c)
    c.tee(item)
    a.isUnset(c)
    c.if()
    writeElement(m, c, { kind: 'null' }, () => undefined)
    c.else()
    writeElement(m, c, elem, () => {
      c.get(item)
      fromSlot(m, c, elem)
    })
    c.end()
    step(c, at)
    c.br(top).end().end()
  })
}

/** Writes a property: its name by `name`, its value, which `push` pushes; nothing where the value is omitted. */
function writeProperty(m: ModuleLowering, c: Code, type: Type, name: () => void, push: () => void): void {
  const [before, how] = [c.borrow(I32), c.borrow(I32)]
  c.globalGet(m.global.jsonLength).set(before).call(writeComma(m))
  orFail(c)
  name()
  orFail(c)
  push()
  c.get(1).i32(1).op('i32.add').call(writeValue(m, type)).tee(how)
  orFail(c)
  c.get(how).i32(OMITTED).op('i32.eq').if().get(before).globalSet(m.global.jsonLength).end().release(I32, before, how)
}

function writeDict(m: ModuleLowering, c: Code, t: TableCode): void {
  const { value } = t.type as { readonly value: Type }
  const entry = c.local(I32)
  t.field(c, 0, 'indexed')
  c.if().get(0).call(sortedDict(t)).set(0).end()
  bracketed(m, c, '{', '}', () => {
    eachEntry(t, c, entry, () => {
      const name = (): void => {
        t.keyAt(c, 0, entry)
        c.call(writeName(m))
      }
      writeProperty(m, c, value, name, () => {
        t.valueAt(c, 0, entry)
        if (repOf(value) === 'ref') c.op('ref.as_non_null')
        fromSlot(m, c, value)
      })
    })
  })
}

/** A loop over the entries of the table in local 0. */
function eachEntry(t: TableCode, c: Code, entry: number, body: () => void): void {
  const out = c.block()
  c.i32(0).set(entry)
  const top = c.loop()
  c.get(entry)
  t.field(c, 0, 'used')
  c.op('i32.ge_u').brIf(out)
  t.hashAt(c, 0, entry)
  c.if()
  body()
  c.end()
  step(c, entry)
  c.br(top).end().end()
}

function writeObject(m: ModuleLowering, c: Code, id: number): void {
  const def = m.module.objects[id]!
  if (!isWritten(def)) {
    c.i32(FAILED)
    return
  }
  bracketed(m, c, '{', '}', () => eachField(m, c, id, (at) => writeField(m, c, id, at)))
}

/** The fields of the object in local 0 as it lists them; `body` for each. */
function eachField(m: ModuleLowering, c: Code, id: number, body: (field: number) => void): void {
  const def = m.module.objects[id]!
  const { struct, order } = m.types.object(id)
  const { ints } = m.types
  const [list, at] = [c.local(refNull(ints)), c.local(I32)]
  c.i32(id)
  if (order === undefined) c.i32(-1)
  else c.get(0).gc('struct.get', struct, order)
  c.call(fieldsOfOrder(m)).set(list)
  const out = c.block()
  const top = c.loop()
  c.get(at).get(list).gc('array.len').op('i32.ge_u').brIf(out)
  const next = c.block()
  const cases = def.fields.map(() => c.block())
  // The block that was opened last is left first.
  const byField = cases.toReversed()
  c.get(list).get(at).gc('array.get', ints).brTable(byField, next)
  for (const i of def.fields.keys()) {
    c.end()
    if (def.fields[i]!.hidden !== true) body(i)
    c.br(next)
  }
  c.end()
  step(c, at)
  c.br(top).end().end()
}

/** Writes a field unless it is not set. */
function writeField(m: ModuleLowering, c: Code, id: number, at: number): void {
  const field = fieldOf(m, id, at)
  c.get(0)
  getContent(c, field)
  testUnsetContent(c, field)
  c.op('i32.eqz').if()
  writeProperty(
    m,
    c,
    field.type,
    () => c.globalGet(m.string(nameText(m.module.objects[id]!.fields[at]!.name))).call(writeText(m)),
    () => {
      c.get(0)
      getContent(c, field)
      fromContent(m, c, field)
    },
  )
  c.end()
}

/** The name of a field as it stands before its value. */
export const nameText = (name: string): string => `${JSON.stringify(name)}:`
