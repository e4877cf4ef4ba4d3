import { isForeign } from '../hir-program.ts'
import type { HExpr, HVar } from '../hir.ts'
import { ANY, ARR, BIG, BOOL, FN, MAP, NUM, SET, STR, UNDEF } from '../kinds.ts'
import { brandedMethod } from '../library/index.ts'
import { isPrivateName, listProperty, OWN_NAME, privateName } from '../member-names.ts'
import { inheritsMethod } from '../prototypes.ts'
import { readThrough, writeThrough } from './accessors.ts'
import type { Analysis } from './analysis.ts'
import { isBuiltInError, isErrorText } from './built-in-errors.ts'
import { bytesNode, isMeasured } from './bytes.ts'
import { visitAccessor } from './calls.ts'
import { collapseWhere, indexOfName, noteHoles, visitNamedElement } from './elements.ts'
import type { Instance } from './instance.ts'
import { declares, noteCause, noteUndeclared } from './key-order.ts'
import { noteOfFunction, withNote, type Carrier } from './notes.ts'
import { mayGain } from './objects.ts'
import { areErrors, type FieldInfo, type ObjNode, type Slot } from './slots.ts'

/** What reading a property gives, of everything that comes. */
export function visitGet(a: Analysis, inst: Instance, e: HExpr & { kind: 'get' }, obj: Slot, out: Slot): void {
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
  const taken = node.cls?.methods.get(e.name)?.taken
  if (taken?.func) {
    a.valueUsed.add(taken)
    a.solver.addFn(out, a.sharedInstance(inst, taken.func).fn)
  }
  if (node.cls?.bytes) return readBytes(a, inst, e, node, out)
  if (node.cls && !node.fields.has(e.name)) {
    const mayLack = isBuiltInError(node) || (areErrors(node) && e.name === 'cause')
    if (e.asks || e.loose || mayLack) a.solver.addKinds(out, UNDEF)
    return readWhenNamed(a, inst, e, node, out)
  }
  if (node.brand !== null && !isPrivateName(e.name)) return a.solver.addKinds(out, UNDEF)
  readThrough(a, inst, e, node, out, () => a.solver.edge(a.solver.field(node, e.name).read, out))
}

/** A field comes into being without a value, which is seen where other code may look at it before it has one. */
export function defineField(a: Analysis, name: string, obj: Slot, value: Slot): void {
  const seen = new Set<ObjNode>()
  a.solver.watch(obj, () => {
    for (const node of obj.root().objs) {
      if (seen.has(node.root())) continue
      seen.add(node.root())
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
    const { fields, keyed } = node.root()
    const isNamed = fields.has(e.name) || (keyed && mayGain(node, e.name))
    if (isNamed) a.solver.edge(a.solver.field(node, e.name).read, out)
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

/** The name of an error is a key once it is set; its message, where it was made without one. */
export function setErrorText(a: Analysis, node: ObjNode, name: string): void {
  if (name === 'message') node.root().messaged = true
  else a.solver.addKinds(a.solver.field(node, OWN_NAME).slot, STR)
  if (node.root().loose.has(OWN_NAME)) a.solver.makeOptional(node, OWN_NAME)
}

/** Where what is stored in a property comes to, of everything that comes. */
export function visitSet(a: Analysis, inst: Instance, e: HExpr & { kind: 'set' }, obj: Slot, value: Slot): void {
  if (e.name === 'length') {
    collapseWhere(a, obj)
    if (e.value.kind !== 'const' || e.value.value !== 0) noteHoles(a, obj)
  }
  a.solver.watch(obj, () => {
    const { fn } = obj.root()
    if (fn && !(e.name in Function.prototype)) a.solver.edge(value, a.solver.field(noteOfFunction(a, fn), e.name).slot)
    for (const node of [...obj.root().objs]) {
      if (isForeign(a.program, node.root().cls, e.name)) continue
      const setter = node.root().cls?.setters.get(e.name)
      if (setter) visitAccessor(a, inst, e, setter, node, [value], null)
      else if (areErrors(node) && isErrorText(e.name)) {
        noteUndeclared(node.root(), e)
        if (!e.initial) setErrorText(a, node, e.name)
      } else if (mayGain(node, e.name) && !isOther(node, e)) {
        if (!e.initial) noteCause(node.root(), e.name)
        noteUndeclared(node.root(), e)
        if (node.root().loose.has(e.name)) a.solver.makeOptional(node, e.name)
        writeThrough(a, inst, e, node, () => a.solver.edge(value, a.solver.field(node, e.name).slot))
      }
    }
  })
}
