import { isPrivateName } from '../member-names.ts'
import { ANY, NULLISH } from '../kinds.ts'
import { isForeign } from '../hir-program.ts'
import { isOwnThis, type HArg, type HExpr, type HFunc, type HVar } from '../hir.ts'
import { flowMethod } from '../library/index.ts'
import { gotSlot, readThrough } from './accessors.ts'
import type { Analysis } from './analysis.ts'
import { spreadInto, visit } from './expressions.ts'
import type { Instance } from './instance.ts'
import { withNote, type Carrier } from './notes.ts'
import { passSelf, type Self } from './self.ts'
import type { ArrNode, FnNode, ObjNode, Slot } from './slots.ts'

export function visitCall(a: Analysis, inst: Instance, e: HExpr & { kind: 'call' }, out: Slot): void {
  const target = knownFunction(e.callee)
  if (target) {
    noteCalled(a, e.callee)
    visitSelf(a, inst, e)
    visitArgs(a, inst, e.args)
    return callInstance(a, inst, e, target, out)
  }
  const callee = visit(a, inst, e.callee)
  visitSelf(a, inst, e)
  visitArgs(a, inst, e.args)
  applySlot(a, inst, e, callee, { args: e.args, self: e.self ?? null }, out)
}

/** `this` that is handed on is looked at where the function has a use for it. */
function visitSelf(a: Analysis, inst: Instance, { self }: HExpr & { kind: 'call' }): void {
  if (self && !(self.kind === 'var' && isOwnThis(self.v))) visit(a, inst, self)
}

/** What a call passes. */
type Passed = { readonly args: readonly HArg[]; readonly self: Self }

/** The function that a call names by a variable that never changes. */
export function knownFunction(callee: HExpr): HFunc | null {
  if (callee.kind === 'narrow') return knownFunction(callee.x)
  if (callee.kind === 'var') return callee.v.func ?? null
  return null
}

function noteCalled(a: Analysis, callee: HExpr): void {
  if (callee.kind === 'narrow') noteCalled(a, callee.x)
  else if (callee.kind === 'var') a.called.add(callee.v)
}

function visitArgs(a: Analysis, inst: Instance, args: readonly HArg[]): void {
  for (const arg of args) visit(a, inst, arg.value)
}

/** A call of a known function: its own instance where it is generic. */
function callInstance(a: Analysis, inst: Instance, at: HExpr & { kind: 'call' }, func: HFunc, out: Slot): void {
  const target = a.instanceFor(inst, func, at)
  inst.targets.set(at, target)
  apply(a, inst, at, target.fn, { args: at.args, self: at.self ?? null }, out)
}

/** A call of whatever functions reach `callee`. */
export function applySlot(a: Analysis, inst: Instance, at: HExpr, callee: Slot, passed: Passed, out: Slot): void {
  const applied = new Set<FnNode>()
  a.solver.watch(callee, () => {
    const { fn, kinds } = callee.root()
    if (kinds & ANY) a.solver.addKinds(out, ANY)
    if (!fn || applied.has(fn.root())) return
    applied.add(fn.root())
    apply(a, inst, at, fn, passed, out)
  })
}

/** Arguments flow into parameters, the result flows out; run again when the function grows. */
function apply(a: Analysis, inst: Instance, at: HExpr, fn: FnNode, { args, self }: Passed, out: Slot): void {
  inst.noteCall(at, fn)
  a.solver.edge(fn.root().result, out)
  a.solver.watchFn(fn, () => bindArgs(a, inst, fn.root(), args))
  passSelf(a, fn, self, (x) => visit(a, inst, x))
}

function bindArgs(a: Analysis, inst: Instance, fn: FnNode, args: readonly HArg[]): void {
  const { fixed, spread } = splitArgs(args)
  fixed.forEach((arg, i) => a.solver.edge(inst.slot(arg.value), a.solver.passed(fn, i)))
  a.solver.noteArgs(fn, fixed.length)
  if (spread.length > 0) bindSpread(a, inst, fn, spread, fixed.length)
}

/** The arguments before the first that is spread, and those from there on, of which nobody knows which parameter they fill. */
export function splitArgs(args: readonly HArg[]): { fixed: readonly HArg[]; spread: readonly HArg[] } {
  const first = args.findIndex((arg) => arg.kind === 'spread')
  return first < 0 ? { fixed: args, spread: [] } : { fixed: args.slice(0, first), spread: args.slice(first) }
}

/** The array that arguments from the first that is spread on are collected in. */
export const spreadArray = (inst: Instance, spread: readonly HArg[]): ArrNode =>
  inst.newArray((spread[0] as HArg).value, 'spread arguments')

/** Spread arguments may fill every parameter from their place on. */
function bindSpread(a: Analysis, inst: Instance, fn: FnNode, spread: readonly HArg[], from: number): void {
  const array = spreadArray(inst, spread)
  inst.once((spread[0] as HArg).value, 'spread', () => {
    for (const arg of spread) {
      if (arg.kind === 'spread') spreadInto(a, inst.slot(arg.value), array.elem)
      else a.solver.edge(inst.slot(arg.value), array.elem)
    }
    return array
  })
  const { elem } = array.root()
  if (fn.rest) a.solver.unify(fn.rest.elem, elem)
  for (let i = from; i < fn.params.length; i++) a.solver.edge(elem, fn.params[i] as Slot)
}

export function visitMethod(a: Analysis, inst: Instance, e: HExpr & { kind: 'method' }, out: Slot): void {
  const obj = visit(a, inst, e.obj)
  visitArgs(a, inst, e.args)
  const applied = new Set<ObjNode>()
  const noted = new Set<Carrier>()
  a.solver.watch(obj, () => {
    const { kinds, objs, fn } = obj.root()
    if (kinds & ANY) a.solver.addKinds(out, ANY)
    const args = fn ? passedOn(e) : undefined
    const self = e.args[0] ? inst.slot(e.args[0].value) : null
    const { bound } = e
    if (fn && bound) inst.once(e, 'bound', () => a.solver.edge(visit(a, inst, bound), out))
    if (fn && args) inst.once(e, 'function', () => applySlot(a, inst, e, obj, { args, self }, out))
    if (fn) withNote(a, fn, e.name, noted, ({ read }) => applyOnce(a, inst, e, read, out))
    if (kinds & ~NULLISH) flowMethod(a, inst, e, obj, out)
    for (const node of [...objs]) {
      if (applied.has(node.root())) continue
      applied.add(node.root())
      callMember(a, inst, e, node.root(), out)
    }
  })
}

/** The arguments of `f.call(self, ...)` and `f.apply(self, list)`, where `f` is a function. */
export function passedOn({ name, args }: HExpr & { kind: 'method' }): readonly HArg[] | undefined {
  if (name === 'call') return args[0]?.kind === 'spread' ? undefined : args.slice(1)
  if (args.some((arg) => arg.kind === 'spread')) return undefined
  const list = args[1]?.value
  return name === 'apply' ? (list ? [{ kind: 'spread', value: list }] : []) : undefined
}

/** A call of what a property of a function holds; asked again whenever there is another property. */
function applyOnce(a: Analysis, inst: Instance, e: HExpr & { kind: 'method' }, callee: Slot, out: Slot): void {
  inst.once(e, 'property of a function', () =>
    applySlot(a, inst, e, callee, { args: e.args, self: inst.slot(e.obj) }, out),
  )
}

/** A call of a method of a class, or of a function in a field. */
export function callMember(a: Analysis, inst: Instance, e: HExpr & { kind: 'method' }, node: ObjNode, out: Slot): void {
  if (isForeign(a.program, node.cls, e.name)) return
  const method = node.cls?.methods.get(e.name)
  const passed = { args: e.args, self: node }
  if (method?.taken) return applyTaken(a, inst, e, method.taken, node, out)
  if (method) return apply(a, inst, e, a.memberInstance(inst, method, node, e).fn, passed, out)
  const getter = node.cls?.getters.get(e.name)
  if (getter) {
    const { fn } = a.memberInstance(inst, getter, node, e)
    inst.noteCall(e, fn)
    return applySlot(a, inst, e, fn.root().result, passed, out)
  }
  if (node.brand !== null && !isPrivateName(e.name)) return
  if (e.name in Object.prototype) return callWhenNamed(a, inst, e, node, out)
  const read = (): Slot => a.solver.field(node, e.name).read
  if (!node.cls && a.program.accessors.has(e.name)) {
    const got = gotSlot(inst, e, node)
    readThrough(a, inst, e, node, got, () => a.solver.edge(read(), got))
    applySlot(a, inst, e, got, passed, out)
  } else if (node.cls) callWhenNamed(a, inst, e, node, out)
  else applySlot(a, inst, e, read(), passed, out)
}

/** The function that such a method is, called on the object. */
function applyTaken(
  a: Analysis,
  inst: Instance,
  e: HExpr & { kind: 'method' },
  v: HVar,
  node: ObjNode,
  out: Slot,
): void {
  const { fn } = a.sharedInstance(inst, v.func!)
  a.called.add(v)
  apply(a, inst, e, fn, { args: e.args, self: node }, out)
}

/**
 * A call of what a field holds that some object has: before what objects inherit under its name, and of a field that the class does not declare and
 * that is set by code that is looked at later.
 */
function callWhenNamed(a: Analysis, inst: Instance, e: HExpr & { kind: 'method' }, node: ObjNode, out: Slot): void {
  let isApplied = false
  a.solver.watchObj(node, () => {
    if (isApplied || !node.root().fields.has(e.name)) return
    isApplied = true
    applySlot(a, inst, e, a.solver.field(node, e.name).read, { args: e.args, self: node }, out)
  })
}

/** The member of a base class as it runs on each object that `this` may be. */
export function visitSuper(a: Analysis, inst: Instance, e: HExpr & { kind: 'super' }, out: Slot): void {
  const obj = visit(a, inst, e.obj)
  visitArgs(a, inst, e.args)
  const applied = new Set<ObjNode>()
  a.solver.watch(obj, () => {
    for (const node of [...obj.root().objs]) {
      if (applied.has(node.root())) continue
      applied.add(node.root())
      apply(a, inst, e, a.memberInstance(inst, e.member, node, e).fn, { args: e.args, self: null }, out)
    }
  })
}

export function visitNew(a: Analysis, inst: Instance, e: HExpr & { kind: 'new' }, out: Slot): void {
  visitArgs(a, inst, e.args)
  const node = a.classes.made(inst, e)
  a.solver.addObj(out, node)
  const target = a.memberInstance(inst, e.cls.construct, node, e)
  const ignored = inst.once(e, 'constructed', () => target.fn.root().result)
  apply(a, inst, e, target.fn, { args: e.args, self: null }, ignored)
}

/** A getter (no value) or setter. */
export function visitAccessor(
  a: Analysis,
  inst: Instance,
  at: HExpr,
  accessor: HFunc,
  node: ObjNode,
  values: readonly Slot[],
  out: Slot | null,
): void {
  const { fn } = a.memberInstance(inst, accessor, node, at)
  inst.noteCall(at, fn)
  values.forEach((value, i) => a.solver.edge(value, a.solver.passed(fn, i)))
  a.solver.noteArgs(fn, values.length)
  if (out) a.solver.edge(fn.root().result, out)
}
