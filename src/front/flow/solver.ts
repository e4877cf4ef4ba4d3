import { ANY, ARR, BOOL, FN, MAP, NULLISH, NUM, OBJ, SET, STR, UNDEF, type Kinds } from '../kinds.ts'
import type { HFunc } from '../hir.ts'
import type { Instance } from './instance.ts'
import { mayLackField } from './key-order.ts'
import {
  lacks,
  Slot,
  type ArrNode,
  type FieldInfo,
  type FnNode,
  type KeySet,
  type ObjNode,
  type TableNode,
  type Watcher,
} from './slots.ts'

/** The constraint solver: a worklist of slots whose contents grew and of watchers to run again. */
export class Solver {
  #slots: Slot[] = []
  #tasks: Watcher[] = []
  /** Arrays and functions of which some carry an object. */
  readonly noted: (ArrNode | FnNode)[] = []
  /** Arrays and records that are held somewhere. */
  readonly containers = new Set<ArrNode | ObjNode>()

  idle(): boolean {
    return this.#slots.length === 0 && this.#tasks.length === 0
  }

  /** Runs until nothing changes any more. */
  run(): void {
    for (;;) {
      const slot = this.#slots.pop()
      if (slot) {
        this.#propagate(slot)
        continue
      }
      const task = this.#tasks.pop()
      if (!task) return
      task()
    }
  }

  #propagate(slot: Slot): void {
    slot.dirty = false
    if (slot.root() !== slot) return
    for (const [to, mask] of slot.edges) this.#pass(slot, to, mask)
    for (const watcher of slot.watchers) this.#tasks.push(watcher)
  }

  #touch(slot: Slot): void {
    if (slot.dirty) return
    slot.dirty = true
    this.#slots.push(slot)
  }

  #pass(from: Slot, to: Slot, mask: Kinds): void {
    let kinds = from.kinds & mask
    // An unknown value that a test has narrowed to something simple is that.
    if (from.kinds & ANY && !(mask & ANY)) kinds |= mask & (NUM | STR | BOOL | NULLISH)
    this.addKinds(to, kinds)
    if (mask & ARR && from.arr) this.addArr(to, from.arr)
    if (mask & FN && from.fn) this.addFn(to, from.fn)
    if (mask & MAP && from.map) this.addTable(to, 'map', from.map)
    if (mask & SET && from.set) this.addTable(to, 'set', from.set)
    if (mask & OBJ) for (const obj of from.objs) this.addObj(to, obj)
  }

  /** Everything that reaches `from`, of the kinds of `mask`, reaches `to`. */
  edge(from: Slot, to: Slot, mask: Kinds = -1): void {
    const [source, target] = [from.root(), to.root()]
    if (source === target) return
    const known = source.edges.get(target) ?? 0
    if ((known | mask) === known) return
    source.edges.set(target, known | mask)
    this.#pass(source, target, mask)
  }

  /** Runs `watcher` now and whenever something new reaches `slot`. */
  watch(slot: Slot, watcher: Watcher): void {
    slot.root().watchers.push(watcher)
    this.#tasks.push(watcher)
  }

  watchFn(fn: FnNode, watcher: Watcher): void {
    fn.root().watchers.push(watcher)
    this.#tasks.push(watcher)
  }

  watchObj(obj: ObjNode, watcher: Watcher): void {
    obj.root().watchers.push(watcher)
    this.#tasks.push(watcher)
  }

  addKinds(slot: Slot, kinds: Kinds): void {
    const root = slot.root()
    if ((root.kinds | kinds) === root.kinds) return
    root.kinds |= kinds
    this.#touch(root)
  }

  addArr(slot: Slot, arr: ArrNode): void {
    const root = slot.root()
    this.containers.add(arr)
    if (!root.arr) {
      root.arr = arr
      root.kinds |= ARR
      this.#touch(root)
    } else this.unifyArr(root.arr, arr)
  }

  addFn(slot: Slot, fn: FnNode): void {
    const root = slot.root()
    if (!root.fn) {
      root.fn = fn
      root.kinds |= FN
      this.#touch(root)
    } else this.unifyFn(root.fn, fn)
  }

  addTable(slot: Slot, kind: 'map' | 'set', table: TableNode): void {
    const root = slot.root()
    const known = root[kind]
    if (known) return this.unifyTable(known, table)
    root[kind] = table
    root.kinds |= kind === 'map' ? MAP : SET
    this.#touch(root)
  }

  unifyTable(a: TableNode, b: TableNode): void {
    const [x, y] = [a.root(), b.root()]
    if (x === y) return
    x.absorb(y)
    this.unify(x.key, y.key)
    this.unify(x.value, y.value)
  }

  addObj(slot: Slot, obj: ObjNode): void {
    const root = slot.root()
    const node = obj.root()
    this.containers.add(node)
    for (const other of root.objs) {
      if (other.root() === node) return
      if (mayMeet(other.root(), node)) return this.unifyObj(other, node)
    }
    root.objs.push(node)
    root.kinds |= OBJ
    this.#touch(root)
  }

  unify(a: Slot, b: Slot): void {
    const [x, y] = [a.root(), b.root()]
    if (x === y) return
    x.absorb(y)
    x.kinds |= y.kinds
    if (y.arr) this.addArr(x, y.arr)
    if (y.fn) this.addFn(x, y.fn)
    if (y.map) this.addTable(x, 'map', y.map)
    if (y.set) this.addTable(x, 'set', y.set)
    for (const obj of y.objs) this.addObj(x, obj)
    this.#touch(x)
  }

  unifyArr(a: ArrNode, b: ArrNode): void {
    const [x, y] = [a.root(), b.root()]
    if (x === y) return
    if (x.tuple?.length !== y.tuple?.length) {
      this.collapse(x)
      this.collapse(y)
      // Elements may have brought them together already.
      if (x.root() !== x || y.root() !== y) return this.unifyArr(x, y)
    }
    const [xs, ys] = [x.tuple, y.tuple]
    x.absorb(y)
    this.#joinNotes(x, y)
    this.unify(x.elem, y.elem)
    this.unify(x.holes, y.holes)
    if (xs && ys) xs.forEach((slot, i) => this.unify(slot, ys[i] as Slot))
  }

  #joinNotes(into: ArrNode | FnNode, from: ArrNode | FnNode): void {
    if (from.note) this.setNote(into, from.note)
    // Who looked at the other found nothing.
    else if (into.note) for (const watcher of into.noteWatchers) this.#tasks.push(watcher)
  }

  /** Some of the arrays or functions carry an object of the node. */
  setNote(carrier: ArrNode | FnNode, note: ObjNode): void {
    const node = carrier.root()
    if (node.note) return this.unifyObj(node.note, note)
    node.note = note
    this.noted.push(node)
    for (const watcher of node.noteWatchers) this.#tasks.push(watcher)
  }

  /** Gives up telling the elements of a tuple apart. */
  collapse(arr: ArrNode): void {
    const node = arr.root()
    const tuple = node.tuple
    node.tuple = null
    for (const slot of tuple ?? []) this.unify(node.elem, slot)
    if (tuple) for (const watcher of node.watchers.splice(0)) this.#tasks.push(watcher)
  }

  unifyFn(a: FnNode, b: FnNode): void {
    const [x, y] = [a.root(), b.root()]
    if (x === y) return
    const [yParams, argsMin] = [y.params, y.argsMin]
    const rests = [x.rest, y.rest].filter((rest) => rest !== null)
    x.spills ||= y.spills || x.rest?.at !== y.rest?.at
    x.declared = Math.max(x.declared, y.declared)
    x.hosted ||= y.hosted
    const [own, other] = [x.self, y.self]
    x.self = own ?? other
    for (const instance of y.instances) x.instances.add(instance)
    x.absorb(y)
    if (own && other) this.unify(own, other)
    if (rests.length === 2) this.unify(rests[0]!.elem, rests[1]!.elem)
    if (rests.length > 0) x.rest = { at: Math.min(...rests.map((rest) => rest.at)), elem: rests[0]!.elem }
    yParams.forEach((slot, i) => this.unify(this.param(x, i), slot))
    this.#joinNotes(x, y)
    if (x.spills) x.params.forEach((slot, i) => this.#spill(x, slot, i))
    this.unify(x.result, y.result)
    this.noteArgs(x, argsMin)
    for (const watcher of x.watchers) this.#tasks.push(watcher)
  }

  /** What functions are given as `this`: from here on their callers pass it. */
  selfOf(fn: FnNode): Slot {
    const node = fn.root()
    if (node.self) return node.self
    node.self = new Slot()
    for (const watcher of node.watchers) this.#tasks.push(watcher)
    return node.self
  }

  /** The slot of a parameter; functions that declare fewer ignore the others. */
  param(fn: FnNode, index: number): Slot {
    const node = fn.root()
    while (node.params.length <= index) {
      const slot = new Slot()
      if (node.params.length >= node.argsMin) this.addKinds(slot, UNDEF)
      this.#spill(node, slot, node.params.length)
      node.params.push(slot)
    }
    return node.params[index] as Slot
  }

  /** A parameter from where the rest parameter of another function begins: it is an element of the array that comes, if there are so many. */
  #spill(fn: FnNode, param: Slot, index: number): void {
    const { rest } = fn
    if (!rest || index < rest.at) return
    this.edge(rest.elem, param)
    this.addKinds(param, UNDEF)
  }

  /** Where an argument goes: a parameter, or the elements of the rest parameter. */
  passed(fn: FnNode, index: number): Slot {
    const { rest } = fn.root()
    return rest && index >= rest.at ? rest.elem : this.param(fn, index)
  }

  /** Some call passes `count` arguments. */
  noteArgs(fn: FnNode, count: number): void {
    const node = fn.root()
    if (count >= node.argsMin) return
    node.argsMin = count
    for (let i = count; i < node.params.length; i++) this.addKinds(node.params[i] as Slot, UNDEF)
  }

  unifyObj(a: ObjNode, b: ObjNode): void {
    const [x, y] = [a.root(), b.root()]
    if (x === y) return
    const sites = y.sites
    x.messaged ||= y.messaged
    if (x.dict || y.dict) for (const node of [x, y]) this.makeDict(node)
    // Their fields may have brought them together already.
    if (x.root() !== x || y.root() !== y) return this.unifyObj(x, y)
    x.absorb(y)
    if (x.dict && y.dict) this.#unifyField(x, x.dict, y.dict)
    for (const name of new Set([...x.fields.keys(), ...y.fields.keys()])) {
      const info = this.field(x, name)
      const other = y.fields.get(name)
      if (other) this.#unifyField(x, info, other)
    }
    for (const site of sites) this.#checkSite(x, site)
    for (const [func, instance] of y.members) this.#unifyMember(x, func, instance)
    for (const watcher of x.watchers) this.#tasks.push(watcher)
  }

  #unifyField(node: ObjNode, info: FieldInfo, other: FieldInfo): void {
    this.unify(info.slot, other.slot)
    this.unify(info.read, other.read)
    if (other.optional) this.#makeOptional(node, info)
  }

  /** Gives up telling the fields of a record apart, since the program computes their names. */
  makeDict(obj: ObjNode): void {
    const node = obj.root()
    if (node.dict || !isRecord(node)) return
    const any: FieldInfo = { slot: new Slot(), read: new Slot(), optional: false }
    this.edge(any.slot, any.read)
    this.#makeOptional(node, any)
    node.dict = any
    for (const [name, info] of node.fields) {
      this.#unifyField(node, any, info)
      node.fields.set(name, any)
    }
    for (const watcher of node.watchers) this.#tasks.push(watcher)
  }

  /** Of a member that was analysed for both nodes one instance is left, with the callers of both. */
  #unifyMember(node: ObjNode, func: HFunc, instance: Instance): void {
    const own = node.members.get(func)
    if (!own) return void node.members.set(func, instance)
    instance.replaced = true
    this.unifyFn(own.fn, instance.fn)
    own.fn.root().instances.delete(instance)
  }

  /** A field of an object, made when it is first named. */
  field(obj: ObjNode, name: string): FieldInfo {
    const node = obj.root()
    const known = node.dict ?? node.fields.get(name)
    if (known) return known
    const info: FieldInfo = { slot: new Slot(), read: new Slot(), optional: false }
    node.fields.set(name, info)
    this.edge(info.slot, info.read)
    if (mayLack(node, name)) this.#makeOptional(node, info)
    for (const watcher of node.watchers) this.#tasks.push(watcher)
    return info
  }

  /** Objects are made with just these keys. */
  addSite(obj: ObjNode, site: KeySet): void {
    const node = obj.root()
    node.sites.push(site)
    this.#checkSite(node, site)
  }

  /** It is known by now what the spreads of a literal copy. */
  closeSite(obj: ObjNode, site: KeySet): void {
    if (!site.isOpen) return
    site.isOpen = false
    this.#checkSite(obj.root(), site)
  }

  #checkSite(node: ObjNode, site: KeySet): void {
    for (const [name, info] of node.fields) if (lacks(site, name)) this.#makeOptional(node, info)
  }

  makeOptional(obj: ObjNode, name: string): void {
    this.#makeOptional(obj.root(), this.field(obj, name))
  }

  /** Instances are stored in under computed names. */
  makeKeyed(obj: ObjNode): void {
    const node = obj.root()
    if (node.keyed) return
    node.keyed = true
    for (const watcher of node.watchers) this.#tasks.push(watcher)
  }

  #makeOptional(node: ObjNode, info: FieldInfo): void {
    if (info.optional) return
    info.optional = true
    this.addKinds(info.read, UNDEF)
    // What copies the field is not certain any more to find it.
    for (const watcher of node.watchers) this.#tasks.push(watcher)
  }
}

/** Whether objects become one where they meet: records, and copies of one class. Others form a union. */
function mayMeet(a: ObjNode, b: ObjNode): boolean {
  return a.cls === b.cls && a.brand === b.brand
}

/** Whether objects are made without a field that was not named before. */
function mayLack(node: ObjNode, name: string): boolean {
  if (isRecord(node)) return node.sites.length === 0 || node.sites.some((site) => lacks(site, name))
  return mayLackField(node, name)
}

function isRecord(obj: ObjNode): boolean {
  const node = obj.root()
  return node.cls === null && node.brand === null
}
