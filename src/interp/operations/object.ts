import type { Type } from '../../ir/index.ts'
import {
  Cell,
  Closure,
  newInstance,
  NumberCell,
  orderOf,
  readField,
  Thrown,
  Trapped,
  UNSET,
  visibleFields,
  writeField,
  type Instance,
} from '../../values/index.ts'
import { KIND } from '../kinds.ts'
import type { Machinery, Operation, Site } from '../operation.ts'

/** What `object.new` sites know: where their key order is cached, and where the listed fields are. */
export type NewObject = {
  readonly order: number
  readonly isNumber: readonly boolean[]
  readonly slots: readonly number[]
}

function objectNew(values: unknown[], _b: never, _c: never, _d: never, site: Site, machine: Machinery): Instance {
  const layout = machine.layouts[site.imm[0] as number]
  const fields = site.imm[1] as readonly number[]
  const slot = (site.aux as NewObject).order
  const order = (machine.orders[slot] ??= orderOf(layout, fields))
  return newInstance(layout, order, fields, values)
}

function objectGet(object: Instance, _b: never, _c: never, _d: never, site: Site): unknown {
  const value = readField(object, site.imm[1] as number)
  if (value === UNSET) throw new Trapped('uninitialized-field')
  return value
}

function objectGetOpt(object: Instance, _b: never, _c: never, _d: never, site: Site): unknown {
  const value = readField(object, site.imm[1] as number)
  return value === UNSET ? undefined : value
}

function objectSet(object: Instance, value: unknown, _c: never, _d: never, site: Site): void {
  writeField(object, site.imm[1] as number, value)
}

function objectAssign(target: Instance, source: Instance, _c: never, _d: never, site: Site): void {
  const omitted = site.imm[2] as readonly number[]
  const targetOf = new Map(target.layout.def.fields.map((field, i) => [field.name, i]))
  for (const field of visibleFields(source)) {
    if (omitted.includes(field)) continue
    const to = targetOf.get(source.layout.def.fields[field].name)
    if (to !== undefined) writeField(target, to, readField(source, field))
  }
}

function objectKeys(object: Instance): string[] {
  return visibleFields(object).map((field) => object.layout.def.fields[field].name)
}

function cellGet(cell: Cell | NumberCell, _b: never, _c: never, _d: never, site: Site, machine: Machinery): unknown {
  if (cell instanceof NumberCell ? cell.ready : cell.value !== UNSET) return cell.value
  throw notYet(machine, site.imm[0] as string)
}

function cellSet(cell: Cell | NumberCell, value: unknown): void {
  if (cell instanceof NumberCell) {
    cell.value = value as number
    cell.ready = true
  } else cell.value = value
}

/** The error of reading a variable in its temporal dead zone, worded as V8 words it. */
function notYet(machine: Machinery, name: string): Thrown {
  return new Thrown(machine.newError('ReferenceError', `Cannot access '${name}' before initialization`))
}

function globalGet(_a: never, _b: never, _c: never, _d: never, site: Site, machine: Machinery): unknown {
  const index = site.imm[0] as number
  const value = machine.globals[index]
  if (value === UNSET) throw notYet(machine, machine.globalNames[index])
  return site.dstKind === KIND.f64 ? machine.globalNumbers[index] : value
}

function globalSet(value: unknown, _b: never, _c: never, _d: never, site: Site, machine: Machinery): void {
  const index = site.imm[0] as number
  const isNumber = site.kinds[0] === KIND.f64
  if (isNumber) machine.globalNumbers[index] = value as number
  machine.globals[index] = isNumber ? true : value
}

/** Objects, closures, cells and globals. */
export const OBJECT_OPERATIONS = {
  'object.new': objectNew as Operation,
  'object.get': objectGet as Operation,
  'object.get_opt': objectGetOpt as Operation,
  'object.set': objectSet as Operation,
  'object.has': ((object: Instance, _b: never, _c: never, _d: never, site: Site) =>
    object.order.has[site.imm[1] as number] === 1) as Operation,
  'object.keys': objectKeys as Operation,
  'object.assign': objectAssign as Operation,
  'closure.new': ((captures: unknown[], _b: never, _c: never, _d: never, site: Site) =>
    new Closure(site.imm[0] as number, captures)) as Operation,
  'closure.is': ((closure: Closure, _b: never, _c: never, _d: never, site: Site) =>
    closure.func === site.imm[0]) as Operation,
  'cell.new': ((value: unknown, _b: never, _c: never, _d: never, site: Site) =>
    site.argTypes[0].kind === 'f64' ? new NumberCell(value as number, true) : new Cell(value)) as Operation,
  'cell.unset': ((_a: never, _b: never, _c: never, _d: never, site: Site) =>
    (site.imm[0] as Type).kind === 'f64' ? new NumberCell(0, false) : new Cell(UNSET)) as Operation,
  'cell.get': cellGet as Operation,
  'cell.set': cellSet as Operation,
  'global.get': globalGet as Operation,
  'global.set': globalSet as Operation,
  'ref.eq': ((a: unknown, b: unknown) => a === b) as Operation,
  'error.new': ((message: string, _b: never, _c: never, _d: never, site: Site, machine: Machinery) =>
    machine.newError(site.imm[1] as string, message, site.imm[0] as number)) as Operation,
} satisfies Record<string, Operation>
