import { ANY, BIG, FN, MAP, SET, type Kinds } from '../kinds.ts'
import type { ArrNode, ObjNode, Slot } from './slots.ts'
import type { Solver } from './solver.ts'

type Container = ArrNode | ObjNode

/** What keeps containers that may contain themselves from being `json`: kinds of values by name, and the containers that hold them. */
export type Unlike = { readonly names: Set<string>; readonly within: Set<Container> }

/**
 * Arrays and dictionaries that may contain themselves have no type of their own in the IR, which has one
 * recursive type: `json`. What they contain is of it where all of it is what JSON can hold; records and tuples
 * among it become dictionaries and arrays, and so does a tuple that may contain itself.
 *
 * Returns those contents. When that changes nodes, the solver has work to do, and what is returned is not final. `unlike` is told what
 * JSON cannot hold within one that has no type.
 */
export function recursiveContents(solver: Solver, unlike: Unlike): Set<Slot> {
  const found = new Set<Slot>()
  unlike.names.clear()
  unlike.within.clear()
  for (const met of solver.containers) {
    const node: Container = met.root()
    if ('elem' in node && node.tuple?.some((slot) => reaches(slot.root(), node))) solver.collapse(node)
    const content = contentOf(node)
    if (!content || found.has(content) || !reaches(content, node)) continue
    const inside = closure(content)
    const others = [...inside].flatMap((slot) => unlikeJson(slot))
    for (const name of others) unlike.names.add(name)
    if (others.length > 0) {
      unlike.within.add(node)
      continue
    }
    for (const slot of inside) {
      widen(solver, slot)
      for (const inner of containersIn(slot)) {
        const part = contentOf(inner)
        if (part) found.add(part)
      }
    }
  }
  return found
}

function containersIn(slot: Slot): Container[] {
  const objs = slot.objs.map((obj) => obj.root()).filter((obj) => obj.cls === null)
  return slot.arr ? [slot.arr.root(), ...objs] : objs
}

/** What an array or a dictionary contains; tuples and records know each of their parts. */
function contentOf(node: Container): Slot | undefined {
  if ('elem' in node) return node.tuple ? undefined : node.elem.root()
  return node.dict?.slot.root()
}

function partsOf(node: Container): Slot[] {
  if ('elem' in node) return (node.tuple ?? [node.elem]).map((slot) => slot.root())
  if (node.dict) return [node.dict.slot.root()]
  return [...node.fields.values()].map((info) => info.slot.root())
}

/** Whether a container is within what a slot holds, by way of arrays, tuples and dictionaries. */
function reaches(from: Slot, wanted: Container): boolean {
  const seen = new Set<Slot>()
  const left = [from]
  for (let slot = left.pop(); slot; slot = left.pop()) {
    if (seen.has(slot)) continue
    seen.add(slot)
    for (const node of containersIn(slot)) {
      if (node === wanted) return true
      if ('elem' in node || node.dict) left.push(...partsOf(node))
    }
  }
  return false
}

/** All slots within what a slot holds, and itself. */
function closure(from: Slot): Set<Slot> {
  const seen = new Set<Slot>()
  const left = [from]
  for (let slot = left.pop(); slot; slot = left.pop()) {
    if (seen.has(slot)) continue
    seen.add(slot)
    for (const node of containersIn(slot)) left.push(...partsOf(node))
  }
  return seen
}

/** Whether a slot holds such a container beside what JSON cannot hold. */
export function isUnlike(slot: Slot, { within }: Unlike): boolean {
  const held = new Set([...within].map((node) => node.root()))
  return unlikeJson(slot.root()).length > 0 && containersIn(slot.root()).some((node) => held.has(node))
}

/** What JSON cannot hold among the values of a slot, as a message names it. */
function unlikeJson(slot: Slot): string[] {
  const kinds = OTHER_KINDS.flatMap(([kind, name]) => (slot.kinds & kind ? [name] : []))
  const objects = slot.objs.map((obj) => obj.root())
  const named = objects.flatMap(({ cls }) => (cls ? [cls.name] : []))
  return [...kinds, ...named]
}

const OTHER_KINDS: readonly (readonly [Kinds, string])[] = [
  [MAP, 'Map'],
  [SET, 'Set'],
  [FN, 'functions'],
  [BIG, 'bigint'],
  [ANY, 'values of any kind'],
]

function widen(solver: Solver, slot: Slot): void {
  if (slot.arr) solver.collapse(slot.arr)
  for (const obj of [...slot.objs]) solver.makeDict(obj)
}
