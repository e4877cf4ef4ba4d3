import { isPrivateName, listProperty, privateName, TO_PRIMITIVE } from '../member-names.ts'
import {
  ANY,
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
import { isForeign } from '../hir-program.ts'
import { inheritsMethod } from '../prototypes.ts'
import { isDerived, isOwnThis, type HClass, type HExpr, type HVar } from '../hir.ts'
import { brandedMethod, flowBuiltin, flowBuiltinRef } from '../library/index.ts'
import { readThrough, writeThrough } from './accessors.ts'
import type { Analysis } from './analysis.ts'
import { visitCall, visitMethod, visitNew, visitSuper, visitAccessor } from './calls.ts'
import type { Instance } from './instance.ts'
import { bytesNode, isMeasured } from './bytes.ts'
import { CAUSED_ERROR, isBuiltInError, isErrorText, PLAIN_ERROR } from './built-in-errors.ts'
import { areErrors, ArrNode, Slot, type FieldInfo, type ObjNode } from './slots.ts'
import { declares, noteUndeclared } from './key-order.ts'
import { noteOfFunction, withNote, type Carrier } from './notes.ts'
import { meetCopies } from './same-function.ts'
import { isWrite, noteWrites } from './writes.ts'
import {
  collapseWhere,
  indexOfName,
  visitIndex,
  visitMembership,
  visitNamedElement,
  visitSetIndex,
} from './elements.ts'
import { mayGain, visitObject } from './objects.ts'
import { visitStatements } from './statements.ts'

/** The slot of an expression; its constraints are made on the first visit. */
export function visit(a: Analysis, inst: Instance, e: HExpr): Slot {
  const known = inst.exprs.get(e)
  if (known) return known.root()
  const slot = e.kind === 'var' && !e.v.func ? a.varSlot(inst, e.v) : new Slot()
  inst.exprs.set(e, slot)
  visitNode(a, inst, e, slot)
  return slot
}

/** Numbers, or integers of any size: which of them the operands tell. */
const NUMERIC = 0
/** Kinds of the results of operators. */
const UNARY: Record<(HExpr & { kind: 'unary' })['op'], Kinds> = {
  '-': NUMERIC,
  '+': NUM,
  '~': NUMERIC,
  '++': NUMERIC,
  '--': NUMERIC,
  numeric: NUMERIC,
  '!': BOOL,
  typeof: STR,
  void: UNDEF,
}
const FALSY_KINDS = NUM | BIG | STR | BOOL | NULLISH | ANY
const TRUTHY_KINDS = NUM | BIG | STR | BOOL | ARR | FN | OBJ | MAP | SET | ANY
/** What `+` may read as a string, and what as a number. */
const STRINGY = STR | ARR | FN | OBJ | MAP | SET | ANY
const NUMBERY = NUM | BOOL | NULLISH | ANY

function visitNode(a: Analysis, inst: Instance, e: HExpr, out: Slot): void {
  const { solver } = a
  const see = (x: HExpr): Slot => visit(a, inst, x)
  switch (e.kind) {
    case 'const':
      return solver.addKinds(out, kindOfConstant(e.value))
    case 'var':
      if (isOwnThis(e.v)) a.takeSelf(inst, e.v)
      if (!e.v.func) return
      a.valueUsed.add(e.v)
      return solver.addFn(out, a.instanceFor(inst, e.v.func, e).fn)
    case 'assign': {
      const value = see(e.value)
      solver.edge(value, a.varSlot(inst, e.v))
      return solver.edge(value, out)
    }
    case 'function':
      return solver.addFn(out, a.sharedInstance(inst, e.f).fn)
    case 'unary':
      return UNARY[e.op] === NUMERIC ? a.numeric([see(e.x)], out) : (see(e.x), solver.addKinds(out, UNARY[e.op]))
    case 'binary':
      return visitBinary(a, see(e.a), see(e.b), e.op, out)
    case 'logical': {
      const left = see(e.a)
      solver.edge(left, out, e.op === '&&' ? FALSY_KINDS : e.op === '||' ? TRUTHY_KINDS : ~NULLISH)
      return solver.edge(see(e.b), out)
    }
    case 'cond':
      see(e.test)
      solver.edge(see(e.then), out)
      return solver.edge(see(e.else), out)
    case 'seq':
      visitStatements(a, inst, e.body)
      return solver.edge(see(e.value), out)
    case 'template':
      e.parts.forEach(see)
      return solver.addKinds(out, STR)
    case 'array':
      return visitArray(a, inst, e, out)
    case 'object':
      return visitObject(a, inst, e, out)
    case 'narrow': {
      const source = see(e.x)
      // Where `instanceof` never holds, nothing comes.
      if (e.of !== undefined) return passInstances(a, source, out, e.of)
      a.noteNarrow(source, out)
      return solver.edge(source, out, e.kinds)
    }
    case 'require':
      return solver.edge(see(e.x), out, ~NULLISH)
    case 'instanceofValue':
      see(e.x)
      see(e.target)
      return solver.addKinds(out, BOOL)
    case 'isMissing':
    case 'instanceof':
      see(e.x)
      return solver.addKinds(out, BOOL)
    case 'yield':
      throw new Error('a yield is left in the code of a generator')
    case 'in':
    case 'delete':
      visitMembership(a, see(e.obj), e)
      see(e.key)
      return solver.addKinds(out, BOOL)
    default:
      return visitAccess(a, inst, e, out)
  }
}

/** Only instances of the class pass, or errors of the kind. */
function passInstances(a: Analysis, source: Slot, out: Slot, of: HClass | string): void {
  a.solver.watch(source, () => {
    for (const obj of source.root().objs) if (mayBeInstance(obj, of)) a.solver.addObj(out, obj)
    if (source.root().kinds & ANY) a.solver.addKinds(out, ANY)
  })
}

function mayBeInstance(obj: ObjNode, of: HClass | string): boolean {
  const { cls } = obj.root()
  if (typeof of !== 'string') return isDerived(cls, of)
  if (isBytesName(of)) return cls?.bytes === of
  if (cls === PLAIN_ERROR || cls === CAUSED_ERROR) return true
  return cls !== null && cls.error !== null && (of === 'Error' || cls.error === of)
}

type Access = HExpr & {
  kind: 'get' | 'set' | 'index' | 'setIndex' | 'call' | 'method' | 'super' | 'new' | 'builtin' | 'builtinRef'
}

function visitAccess(a: Analysis, inst: Instance, e: Access, out: Slot): void {
  switch (e.kind) {
    case 'get':
      // The name of a class.
      if (e.name === 'name' && e.obj.kind === 'get' && e.obj.name === 'constructor') {
        visit(a, inst, e.obj.obj)
        return a.solver.addKinds(out, STR)
      }
      return visitGet(a, inst, e, visit(a, inst, e.obj), out)
    case 'set': {
      const obj = visit(a, inst, e.obj)
      const value = visit(a, inst, e.value)
      if (e.defines) return defineField(a, e.name, obj, value)
      a.solver.edge(value, out)
      if (isWrite(inst, e)) noteWrites(a, obj, 'assigned')
      return visitSet(a, inst, e, obj, value)
    }
    case 'index': {
      const obj = visit(a, inst, e.obj)
      return visitIndex(a, e, obj, visit(a, inst, e.key), out)
    }
    case 'setIndex': {
      const obj = visit(a, inst, e.obj)
      visit(a, inst, e.key)
      const value = visit(a, inst, e.value)
      a.solver.edge(value, out)
      noteWrites(a, obj)
      return visitSetIndex(a, e, obj, value)
    }
    case 'call':
      return visitCall(a, inst, e, out)
    case 'method':
      return visitMethod(a, inst, e, out)
    case 'super':
      return visitSuper(a, inst, e, out)
    case 'new':
      return visitNew(a, inst, e, out)
    case 'builtin':
      e.args.forEach((arg) => visit(a, inst, arg.value))
      return flowBuiltin(a, inst, e, out)
    case 'builtinRef':
      return flowBuiltinRef(a, inst, e, out)
  }
}

function kindOfConstant(value: unknown): Kinds {
  switch (typeof value) {
    case 'number':
      return NUM
    case 'string':
      return STR
    case 'boolean':
      return BOOL
    default:
      return value === null ? NULL : UNDEF
  }
}

const EQUALITIES = new Set(['===', '!==', '==', '!='])
const COMPARISONS = new Set(['<', '<=', '>', '>=', '===', '!==', '==', '!='])

/** What `+` makes of a value: instances whose class has `valueOf` and the like may become numbers. */
function primitiveKinds(slot: Slot): Kinds {
  const { kinds, objs } = slot.root()
  const converts = (obj: ObjNode): boolean =>
    obj.root().fields.has('valueOf') || ['valueOf', TO_PRIMITIVE].some((name) => obj.root().cls?.methods.has(name))
  return objs.some(converts) ? kinds | NUM : kinds
}

function visitBinary(a: Analysis, left: Slot, right: Slot, op: string, out: Slot): void {
  if (EQUALITIES.has(op)) meetCopies(a, left, right)
  if (COMPARISONS.has(op)) return a.solver.addKinds(out, BOOL)
  if (op !== '+') return a.numeric([left, right], out)
  const decide = (): void => {
    const [x, y] = [primitiveKinds(left), primitiveKinds(right)]
    if (x && y && (x | y) & STRINGY) a.solver.addKinds(out, STR)
    if (x & NUMBERY && y & NUMBERY) a.solver.addKinds(out, NUM)
    if (x & y & BIG) a.solver.addKinds(out, BIG)
  }
  a.solver.watch(left, decide)
  a.solver.watch(right, decide)
}

/** Literals longer than this are arrays from the start. */
const TUPLE_MAX = 8

function visitArray(a: Analysis, inst: Instance, e: HExpr & { kind: 'array' }, out: Slot): void {
  const node = inst.newArray(e)
  const plain = e.elems.every((elem) => elem.kind === 'item') && e.elems.length > 0 && e.elems.length <= TUPLE_MAX
  if (plain) node.tuple = e.elems.map(() => new Slot())
  a.solver.addArr(out, node)
  e.elems.forEach((elem, i) => {
    // What reads it sees undefined.
    if (elem.kind === 'hole') return a.solver.addKinds(node.root().elem, UNDEF)
    const value = visit(a, inst, elem.value)
    if (elem.kind === 'item') a.solver.edge(value, node.root().tuple?.[i] ?? node.root().elem)
    else {
      spreadInto(a, value, node.root().elem)
      if (makesHoles(elem.value)) a.solver.addKinds(node.root().elem, UNDEF)
    }
  })
}

/** `Array(n)`: iteration gives undefined for each of its holes. */
function makesHoles(e: HExpr): boolean {
  if (e.kind === 'narrow') return makesHoles(e.x)
  return e.kind === 'builtin' && (e.name === 'Array' || e.name === 'new Array') && e.args.length === 1
}

/** A pair of what two slots hold. */
export function pairOf(a: Analysis, key: Slot, value: Slot): ArrNode {
  const pair = new ArrNode()
  const [first, second] = [new Slot(), new Slot()]
  pair.tuple = [first, second]
  a.solver.edge(key, first)
  a.solver.edge(value, second)
  return pair
}

/** The elements of what is spread become elements of an array. */
export function spreadInto(a: Analysis, source: Slot, elem: Slot): void {
  let pair: ArrNode | undefined
  a.solver.watch(source, () => {
    const { arr, kinds, map, set } = source.root()
    if (kinds & STR) a.solver.addKinds(elem, STR)
    if (map) a.solver.addArr(elem, (pair ??= pairOf(a, map.root().key, map.root().value)))
    if (set) a.solver.edge(set.root().key, elem)
    if (!arr) return
    a.solver.collapse(arr)
    a.solver.unify(elem, arr.root().elem)
  })
}

function visitGet(a: Analysis, inst: Instance, e: HExpr & { kind: 'get' }, obj: Slot, out: Slot): void {
  const noted = new Set<Carrier>()
  const index = indexOfName(e.name)
  if (index !== null) visitNamedElement(a, index, obj, out)
  a.solver.watch(obj, () => {
    const { kinds, objs, arr, fn } = obj.root()
    const named = e.name === 'name' ? FN : 0
    const measured = e.name === 'length' ? STR | ARR | FN : e.name === 'size' ? MAP | SET : 0
    if (kinds & measured) a.solver.addKinds(out, NUM)
    if (kinds & named) a.solver.addKinds(out, STR)
    // Other kinds have no such property; their methods are not read as values.
    if (kinds & (NUM | BIG | BOOL | STR | ARR | FN | MAP | SET) & ~(measured | named)) a.solver.addKinds(out, UNDEF)
    if (e.asks && inheritsMethod(kinds, e.name)) a.solver.addKinds(out, BOOL)
    if (kinds & ANY) a.solver.addKinds(out, ANY)
    for (const node of [...objs]) readField(a, inst, e, node.root(), out)
    if (e.name === 'length') return
    const known = ({ read }: FieldInfo): void => a.solver.edge(read, out)
    if (arr) withNote(a, arr, listProperty(e.name), noted, known)
    if (fn) withNote(a, fn, e.name, noted, known)
  })
}

function readField(a: Analysis, inst: Instance, e: HExpr & { kind: 'get' }, node: ObjNode, out: Slot): void {
  const value = e.name === 'constructor' ? classValueOf(node) : undefined
  if (value?.func) {
    a.valueUsed.add(value)
    return a.solver.addFn(out, a.sharedInstance(inst, value.func).fn)
  }
  if (isForeign(a.program, node.cls, e.name)) return
  const getter = node.cls?.getters.get(e.name)
  if (getter) return visitAccessor(a, inst, e, getter, node, [], out)
  if (e.asks && (node.cls?.methods.has(e.name) || brandedMethod(node, e.name))) return a.solver.addKinds(out, BOOL)
  if (node.cls?.bytes) return readBytes(a, inst, e, node, out)
  if (node.cls && !node.fields.has(e.name)) {
    if (e.asks || isBuiltInError(node)) a.solver.addKinds(out, UNDEF)
    return readWhenNamed(a, inst, e, node, out)
  }
  if (node.brand !== null && !isPrivateName(e.name)) return a.solver.addKinds(out, UNDEF)
  readThrough(a, inst, e, node, out, () => a.solver.edge(a.solver.field(node, e.name).read, out))
}

/** A field comes into being without a value, which is seen where other code may look at it before it has one. */
function defineField(a: Analysis, name: string, obj: Slot, value: Slot): void {
  a.solver.watch(obj, () => {
    for (const node of obj.root().objs) {
      a.solver.watchObj(node, () => {
        const info = node.root().fields.get(name)
        if (info?.optional) a.solver.edge(value, info.slot)
      })
    }
  })
}

/** A field that the class does not declare may be set by code that is looked at later. */
function readWhenNamed(a: Analysis, inst: Instance, e: HExpr & { kind: 'get' }, node: ObjNode, out: Slot): void {
  const seen = inst.once(e, 'read when named', () => new Set<ObjNode>())
  if (seen.has(node)) return
  seen.add(node)
  a.solver.watchObj(node, () => {
    const info = node.root().fields.get(e.name)
    if (info) a.solver.edge(info.read, out)
  })
}

/** The variable of the function that `object.constructor` is, where the class is there as a value. */
export function classValueOf({ cls, fields }: ObjNode): HVar | undefined {
  const isOwn = fields.has('constructor') || cls?.methods.has('constructor')
  return isOwn ? undefined : cls?.value()
}

/** What typed arrays and buffers have: numbers, and the buffer, which is one that the program sees from here on. */
function readBytes(a: Analysis, inst: Instance, e: HExpr & { kind: 'get' }, node: ObjNode, out: Slot): void {
  const cls = node.cls?.bytes ?? ''
  if (isMeasured(cls, e.name)) return a.solver.addKinds(out, NUM)
  if (e.name !== 'buffer' || cls === 'ArrayBuffer') return a.solver.addKinds(out, UNDEF)
  const { slot } = a.solver.field(node, privateName('#buffer'))
  a.solver.addObj(slot, bytesNode(a, inst, e, 'ArrayBuffer'))
  a.solver.edge(slot, out)
}

/** Whether an object is an instance of another class of the program than the one whose field is set, and without such a field: that ends the run, or is refused. */
function isOther(node: ObjNode, e: HExpr & { kind: 'set' }): boolean {
  const { cls } = node.root()
  return e.declared === true && cls !== null && !isBuiltInError(node.root()) && !declares(cls, e.name)
}

function visitSet(a: Analysis, inst: Instance, e: HExpr & { kind: 'set' }, obj: Slot, value: Slot): void {
  if (e.name === 'length') collapseWhere(a, obj)
  a.solver.watch(obj, () => {
    const { fn } = obj.root()
    if (fn && !(e.name in Function.prototype)) a.solver.edge(value, a.solver.field(noteOfFunction(a, fn), e.name).slot)
    for (const node of [...obj.root().objs]) {
      if (isForeign(a.program, node.root().cls, e.name)) continue
      const setter = node.root().cls?.setters.get(e.name)
      if (setter) visitAccessor(a, inst, e, setter, node, [value], null)
      else if (areErrors(node) && isErrorText(e.name)) node.root().named ||= !e.initial
      else if (mayGain(node, e.name) && !isOther(node, e)) {
        noteUndeclared(node.root(), e)
        if (node.root().loose.has(e.name)) a.solver.makeOptional(node, e.name)
        writeThrough(a, inst, e, node, () => a.solver.edge(value, a.solver.field(node, e.name).slot))
      }
    }
  })
}
