import { TO_PRIMITIVE } from '../member-names.ts'
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
import { isDerived, isOwnThis, type HClass, type HExpr } from '../hir.ts'
import { flowBuiltin, flowBuiltinRef } from '../library/index.ts'
import type { Analysis } from './analysis.ts'
import { visitCall, visitMethod, visitNew, visitSuper } from './calls.ts'
import type { Instance } from './instance.ts'
import { CAUSED_ERROR, PLAIN_ERROR } from './built-in-errors.ts'
import { ArrNode, Slot, type ObjNode } from './slots.ts'
import { meetCopies } from './same-function.ts'
import { isWrite, noteWrites } from './writes.ts'
import { visitIndex, visitMembership, visitSetIndex } from './elements.ts'
import { defineField, visitGet, visitSet } from './properties.ts'
import { visitObject } from './objects.ts'
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
      if (isWrite(inst, e))
        noteWrites(a, obj, { array: e.name === 'length' ? 'assigned' : 'written', object: 'assigned' })
      return visitSet(a, inst, e, obj, value)
    }
    case 'index':
      return visitIndex(a, inst, e, out)
    case 'setIndex': {
      const obj = visit(a, inst, e.obj)
      visit(a, inst, e.key)
      const value = visit(a, inst, e.value)
      a.solver.edge(value, out)
      noteWrites(a, obj, { array: 'assigned' })
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
