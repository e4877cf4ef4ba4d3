import type { ObjectDef, Type } from '../../../ir/index.ts'
import { EXTERNREF, refNull, type ValType } from '../../encoder/index.ts'
import { pushUnset, structGet, testUnset } from '../../layout/slot.ts'
import { fromSlot, optionalFromSlot, stackType, toSlot } from '../slots.ts'
import { elementKind } from '../../layout/elements.ts'
import { CLOSURE_FUNC } from '../../layout/struct-fields.ts'
import { repOf } from '../../layout/values.ts'
import {
  contentToSlot,
  contentType,
  fieldOf,
  fieldsOf,
  fromContent,
  getContent,
  pushContent,
  pushUnsetContent,
  readContent,
  setContent,
  testUnsetContent,
  toContent,
  type Field,
} from '../fields.ts'
import { makeError } from '../errors.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { stringsFromHost } from '../../runtime/arrays.ts'
import { orderAssigned } from '../../runtime/key-order.ts'
import { inLocals, onStack, typeOf, type Lower } from './combine.ts'

const defOf = (f: FuncLowering, e: OpExpr): ObjectDef => f.m.module.objects[e.imm[0] as number]!
const fieldIn = (f: FuncLowering, e: OpExpr): Field => fieldOf(f.m, e.imm[0] as number, e.imm[1] as number)

/** Pushes what an unset place of the type holds. */
function unset(f: FuncLowering, type: Type): void {
  const isTyped = repOf(type) === 'ref'
  pushUnset(f.c, elementKind(type), isTyped ? f.m.types.structOf(type) : undefined)
}

/** Fields are evaluated in the order of the keys, and lie in the order of the definition. */
const objectNew: Lower = (f, e) => {
  const { c, m } = f
  const [id, fields] = e.imm as readonly [number, readonly number[]]
  const def = defOf(f, e)
  const { struct, hasIdentity, order } = m.types.object(id)
  const all = fieldsOf(m, id, def)
  const values = new Map<number, number>()
  const types: [ValType, number][] = []
  fields.forEach((field, i) => {
    pushContent(f, all[field]!, e.args[i]!)
    const stack = contentType(m, all[field]!)
    const local = c.borrow(stack)
    types.push([stack, local])
    c.set(local)
    values.set(field, local)
  })
  f.at(e.span)
  f.allocate(32 + 8 * e.args.length)
  if (hasIdentity) c.i32(0)
  if (order !== undefined) c.i32(m.orders.after(id, fields))
  all.forEach((field, i) => {
    const local = values.get(i)
    if (local === undefined) pushUnsetContent(m, c, field)
    else c.get(local)
  })
  c.gc('struct.new', struct)
  for (const [type, local] of types) c.release(type, local)
}

const get: Lower = onStack((c, f, e) => {
  const [id, at] = e.imm as readonly [number, number]
  const field = fieldIn(f, e)
  getContent(c, field)
  readContent(f, field, f.m.setFields[id]!.has(at))
})

const getOptional: Lower = onStack((c, f, e) => {
  const field = fieldIn(f, e)
  getContent(c, field)
  contentToSlot(f.m, c, field)
  if (f.m.types.valType(e.type)) optionalFromSlot(f, field.type, e.type)
  else c.op('drop')
})

/** Setting a field of a record that was absent makes it the last key. */
const set: Lower = (f, e) => {
  const { c, m } = f
  const [id, at] = e.imm as readonly [number, number]
  const field = fieldIn(f, e)
  const [struct, content] = [c.borrow(refNull(m.types.object(id).struct)), c.borrow(contentType(m, field))]
  f.value(e.args[0]!)
  c.set(struct)
  pushContent(f, field, e.args[1]!)
  c.set(content)
  f.at(e.span)
  noteKey(f, id, at, struct)
  c.get(struct).get(content)
  setContent(c, field)
  c.release(refNull(m.types.object(id).struct), struct).release(contentType(m, field), content)
}

function noteKey(f: FuncLowering, id: number, at: number, object: number): void {
  const { c, m } = f
  const { struct, order } = m.types.object(id)
  if (order === undefined) return
  const field = fieldOf(m, id, at)
  c.get(object)
  getContent(c, field)
  testUnsetContent(c, field)
  c.if().get(object).get(object).gc('struct.get', struct, order).i32(at)
  f.service('nextOrder')
  c.gc('struct.set', struct, order).end()
}

const has: Lower = onStack((c, f, e) => {
  const field = fieldIn(f, e)
  getContent(c, field)
  testUnsetContent(c, field)
  c.op('i32.eqz')
})

const closureNew: Lower = (f, e) => {
  const { c, m } = f
  const func = e.imm[0] as number
  const { thunk, struct } = m.closure(func)
  c.i32(func).refFunc(thunk)
  for (const arg of e.args) f.value(arg)
  f.at(e.span)
  f.allocate(32 + 8 * e.args.length)
  c.gc('struct.new', struct)
}

const closureIs: Lower = onStack((c, f, e) => {
  c.gc('struct.get', f.m.types.closure, CLOSURE_FUNC)
  c.i32(e.imm[0] as number).op('i32.eq')
})

const cellNew: Lower = onStack((c, f, e) => {
  const type = typeOf(e, 0)
  toSlot(f.m, c, type)
  c.gc('struct.new', f.m.types.structOf(e.type))
})

const cellUnset: Lower = onStack((c, f, e) => {
  unset(f, e.imm[0] as Type)
  c.gc('struct.new', f.m.types.structOf(e.type))
})

/** Turns the content of a slot into a value, or raises the error of a variable that has none yet. */
function readVariable(f: FuncLowering, type: Type, name: string): void {
  const { c, m } = f
  f.withLocal(stackType(f, type), (x) => {
    c.tee(x)
    testUnset(c, elementKind(type))
    c.rarely().if().i32(m.nameId(name))
    f.fail('raiseUnset')
    c.end().get(x)
    if (elementKind(type) === 'ref') c.op('ref.as_non_null')
  })
  fromSlot(f.m, c, type)
}

const cellGet: Lower = onStack((c, f, e) => {
  structGet(c, f.m.types.structOf(typeOf(e, 0)), 0, e.type)
  readVariable(f, e.type, e.imm[0] as string)
})

const cellSet: Lower = onStack((c, f, e) => {
  toSlot(f.m, c, typeOf(e, 1))
  c.gc('struct.set', f.m.types.structOf(typeOf(e, 0)), 0)
})

const globalGet: Lower = (f, e) => {
  const index = e.imm[0] as number
  f.at(e.span)
  f.c.globalGet(f.m.global.program[index]!)
  if (f.m.settledGlobals.has(index)) fromSlot(f.m, f.c, e.type)
  else readVariable(f, e.type, f.m.module.globals[index]!.name)
}

const globalSet: Lower = onStack((c, f, e) => {
  const index = e.imm[0] as number
  toSlot(f.m, c, typeOf(e, 0))
  c.globalSet(f.m.global.program[index]!)
})

const refEq: Lower = onStack((c) => void c.op('ref.eq'))

/** Behind name and message, which are set, lie the other fields, and behind these kind and trace. */
const errorNew: Lower = onStack((c, f, e) => {
  const [id, kind] = e.imm as readonly [number, string]
  f.withLocal(EXTERNREF, (message) => {
    c.set(message)
    makeError(f.m, c, id, [
      () => c.globalGet(f.m.string(kind)),
      () => c.get(message),
      () => c.i32(f.m.errorKind(kind)),
      () => f.service('captureTrace'),
    ])
  })
})

/** Sets in the first object the present fields of the second by name, in its key order. */
const assign: Lower = inLocals((f, [target, source], e) => {
  const [to, from, omitted] = e.imm as readonly [number, number, readonly number[]]
  const { c, m } = f
  const names = new Map(m.module.objects[to]!.fields.map((field, i) => [field.name, i]))
  const pairs = m.module.objects[from]!.fields.flatMap(({ name, hidden }, field) => {
    const into = names.get(name)
    return hidden === true || into === undefined || omitted.includes(field) ? [] : [[field, into] as const]
  })
  const [ordered, given] = [m.types.object(to).order, m.types.object(from).order]
  if (ordered !== undefined && given !== undefined) orderKeys(f, e, target!, source!)
  else for (const [field, into] of pairs) whenPresent(f, from, field, source!, () => noteKey(f, to, into, target!))
  for (const [field, into] of pairs) {
    whenPresent(f, from, field, source!, () => {
      const [given, there] = [fieldOf(m, from, field), fieldOf(m, to, into)]
      c.get(target!).get(source!)
      getContent(c, given)
      if (!there.isTag) {
        fromContent(m, c, given)
        toContent(m, c, there)
      }
      setContent(c, there)
    })
  }
})

function whenPresent(f: FuncLowering, id: number, at: number, object: number, body: () => void): void {
  const { c, m } = f
  const field = fieldOf(m, id, at)
  c.get(object)
  getContent(c, field)
  testUnsetContent(c, field)
  c.op('i32.eqz').if()
  body()
  c.end()
}

function orderKeys(f: FuncLowering, e: OpExpr, target: number, source: number): void {
  const { c, m } = f
  const [to, from] = e.imm as readonly [number, number]
  const [ordered, given] = [m.types.object(to), m.types.object(from)]
  c.get(target).get(target).gc('struct.get', ordered.struct, ordered.order!)
  c.get(source).gc('struct.get', given.struct, given.order!)
  f.call(orderAssigned(m, m.assignment(to, from, e.imm[2] as readonly number[])))
  c.gc('struct.set', ordered.struct, ordered.order!)
}

/** The host has the names of the fields, and looks which are present and in what order. */
const keys: Lower = onStack((c, f) => {
  c.gc('extern.convert_any')
  f.service('keys')
  c.call(stringsFromHost(f.m))
})

export const OBJECT_OPS = {
  'object.new': objectNew,
  'object.get': get,
  'object.get_opt': getOptional,
  'object.set': set,
  'object.has': has,
  'object.keys': keys,
  'object.assign': assign,
  'closure.new': closureNew,
  'closure.is': closureIs,
  'cell.new': cellNew,
  'cell.unset': cellUnset,
  'cell.get': cellGet,
  'cell.set': cellSet,
  'global.get': globalGet,
  'global.set': globalSet,
  'ref.eq': refEq,
  'error.new': errorNew,
}
