import { ANY, ARR, FN, MAP, OBJ, SET, UNDEF } from '../kinds.ts'
import type { HClass, HExpr, HField, HFunc } from '../hir.ts'
import type { Analysis } from './analysis.ts'
import type { Instance } from './instance.ts'
import { brandOf, isPrivateName, isReserved } from '../member-names.ts'
import { declares, keysBefore } from './key-order.ts'
import type { ObjNode } from './slots.ts'

/**
 * A field of instances that a constructor gives to other code before the field is there. It is taken to be there until the
 * analysis is done, and then whatever may run in between is looked at: where some of it may use the field, or the program
 * catches an exception that leaves the constructor, the field is optional, and the analysis goes on from there.
 */
export type ExposedField = { readonly node: ObjNode; readonly field: HField }

/** Makes the fields optional that may be used early; whether that changed anything. */
export function releaseEarlyUses(a: Analysis, fields: readonly ExposedField[]): boolean {
  const left = fields.filter(({ node, field }) => !a.solver.field(node, field.name).optional)
  if (left.length === 0) return false
  const search = new Search(a)
  const used = left.filter((exposed) => search.isUsedEarly(exposed))
  for (const { node, field } of used) {
    a.solver.makeOptional(node, field.name)
    if (field.start !== 'value') a.solver.addKinds(a.solver.field(node, field.name).slot, UNDEF)
  }
  return used.length > 0
}

class Search {
  readonly #a: Analysis
  /** What runs where an exception is handled. */
  readonly #handled: ReadonlySet<Instance>
  /** By constructor, what runs while it is at work on the objects of a node. */
  readonly #during = new Map<ObjNode, Map<HFunc, ReadonlySet<Instance>>>()

  constructor(a: Analysis) {
    this.#a = a
    this.#handled = this.#reached(a.instances.filter(isAnalysed).flatMap((inst) => [...calledInTry(inst)]))
  }

  isUsedEarly({ node, field }: ExposedField): boolean {
    const self = node.root()
    const declaring = declaringClass(self.cls!, field)
    const first = field.exposed === 'base' ? declaring.base! : declaring
    const during = this.#duringOf(self, first.construct)
    if (this.#isSeenUnfinished(self, first.construct)) return true
    return [...during].some((inst) => uses(inst, self, field.name, inst.func === declaring.construct))
  }

  /** Whether an instance may be seen that a constructor did not come to its end for, or is thrown itself. */
  #isSeenUnfinished(node: ObjNode, construct: HFunc): boolean {
    if (this.#a.thrown.root().objs.some((obj) => obj.root() === node)) return true
    return [...this.#handled].some((inst) => inst.func === construct && inst.self?.root() === node)
  }

  #duringOf(node: ObjNode, construct: HFunc): ReadonlySet<Instance> {
    const known = this.#during.get(node) ?? new Map<HFunc, ReadonlySet<Instance>>()
    this.#during.set(node, known)
    let found = known.get(construct)
    if (!found) {
      const making = this.#a.instances.filter((inst) => inst.func === construct && inst.self?.root() === node)
      known.set(construct, (found = this.#reached(making.filter(isAnalysed))))
    }
    return found
  }

  /** What runs when one of some instances does. Conversions to text and numbers are written nowhere, so they always may. */
  #reached(from: readonly Instance[]): ReadonlySet<Instance> {
    const { conversions, converting } = this.#a
    const silent = [...conversions, ...[...converting].flatMap((fn) => [...fn.root().instances])]
    const found = new Set(from.length > 0 ? [...from, ...silent] : [])
    for (const inst of found) for (const called of calledBy(inst)) found.add(called)
    return found
  }
}

const isAnalysed = (inst: Instance): boolean => !inst.replaced

/** The class in whose constructor a field is set: the first of the chain that has it. */
function declaringClass(cls: HClass, field: HField): HClass {
  return cls.base?.fields.includes(field) ? declaringClass(cls.base, field) : cls
}

/** What code calls, or hands to the library, which may call it; `counts`: at which places. */
function* calledBy(inst: Instance, counts: (at: HExpr) => boolean = () => true): Iterable<Instance> {
  for (const [at, functions] of inst.calls) if (counts(at)) for (const fn of functions) yield* fn.root().instances
  for (const e of inst.exprs.keys()) {
    if ((e.kind !== 'method' && e.kind !== 'builtin') || !counts(e)) continue
    for (const arg of e.args) yield* inst.slot(arg.value).fn?.root().instances ?? []
  }
}

/** What code calls where it handles exceptions. What was added when its body had been gone through may be anywhere in it. */
function calledInTry(inst: Instance): Iterable<Instance> {
  if (inst.tries.length === 0) return []
  const order = new Map([...inst.exprs.keys()].map((e, i) => [e, i]))
  return calledBy(inst, (at) => {
    const i = order.get(at) ?? Infinity
    return i >= inst.visited || inst.tries.some(({ from, to }) => i >= from && i < to)
  })
}

/** Whether code uses a field of the objects of a node. What the constructor of the class itself does with `this.name` has been looked at. */
function uses(inst: Instance, node: ObjNode, name: string, isOwn: boolean): boolean {
  const holds = (x: HExpr): boolean => mayHold(inst, x, node)
  for (const e of inst.exprs.keys()) {
    switch (e.kind) {
      case 'get':
      case 'set':
      case 'method':
        if (isSetBefore(e, node, name) && holds(e.obj)) return true
        if (isNamed(e, name) && !(isOwn && isThis(inst.func, e.obj)) && holds(e.obj)) return true
        break
      case 'index':
      case 'setIndex':
      case 'in':
      case 'delete':
        if (holds(e.obj)) return true
        break
      case 'object':
        if (e.props.some((prop) => prop.kind === 'spread' && holds(prop.value))) return true
        break
      case 'builtin':
        if (e.args.some(({ value }) => holds(value) || (!OPAQUE.test(e.name) && inst.slot(value).kinds & INSIDE)))
          return true
        break
      default:
        break
    }
  }
  return false
}

/** Whether a member is the field, or shown by it, or asks for all of them, as `hasOwnProperty` does. */
const isNamed = (e: HExpr & { kind: 'get' | 'set' | 'method' }, name: string): boolean =>
  e.name === name ||
  (isPrivateName(e.name) && brandOf(e.name) === name) ||
  (e.kind === 'method' && e.name in Object.prototype)

/** Whether a field is set that the class declares after another one, or not at all: a key that comes first. */
const isSetBefore = (e: HExpr & { kind: 'get' | 'set' | 'method' }, node: ObjNode, name: string): boolean =>
  e.kind === 'set' && (keysBefore(node, e.name).includes(name) || isUndeclared(node, e.name))

const isUndeclared = ({ cls }: ObjNode, name: string): boolean =>
  cls !== null && !declares(cls, name) && !isReserved(name) && !cls.setters.has(name)

const isThis = (func: HFunc, e: HExpr): boolean => e.kind === 'var' && e.v === func.thisVar

/** Whether an expression may give an object of the node. Of the name of a class only the instance is analysed, which is asked for no field. */
function mayHold(inst: Instance, x: HExpr, node: ObjNode): boolean {
  const slot = inst.exprs.get(x)?.root()
  if (!slot) return !(x.kind === 'get' && x.name === 'constructor')
  return (slot.kinds & ANY) !== 0 || slot.objs.some((obj) => obj.root() === node)
}

/** Kinds of values that may have an instance inside. */
const INSIDE = OBJ | ARR | FN | MAP | SET | ANY

/** Library functions that look at no field of what is inside the values that they are given. */
const OPAQUE = /^(?:Math|Number|String|Boolean|BigInt|Array|Date|Promise|new (?:Array|Map|Set|Date|\w*Error))\b/
