import type { Expr, OpName } from '../../../ir/index.ts'
import { EXTERNREF, I32, type ValType } from '../../encoder/index.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { index, position } from '../numbers.ts'

/**
 * Single code units of strings: reading them, and comparisons of texts of one unit, which programs that take texts apart do all the
 * time. Then the units are compared, and no text is made of them.
 */

type Push = () => void
type Index = (f: FuncLowering, e: Expr) => void

/** The code unit at an index, and what `found` makes of it; `otherwise` pushes what there is at no index. */
export function unitAt(f: FuncLowering, e: OpExpr, indexOf: Index, type: ValType, found: Push, otherwise: Push): void {
  const { c, m } = f
  const s = c.borrow(EXTERNREF)
  const i = c.borrow(I32)
  const [text] = e.args
  const flat = text!.kind === 'local' ? f.flatTexts.get(text!.local) : undefined
  f.value(text!)
  c.set(s)
  indexOf(f, e.args[1]!)
  c.tee(i).get(s).call(m.imports.builtin('length')).op('i32.lt_u').if(type)
  c.get(flat ?? s)
    .get(i)
    .call(m.imports.builtin('charCodeAt'))
  found()
  c.else()
  otherwise()
  c.end()
  c.release(EXTERNREF, s).release(I32, i)
}

/** An operation that compares two strings. */
export type Comparison = 'string.eq' | 'string.lt' | 'string.le'

/** A text that is one unit, or what is read where there is none: a constant, or read from a string. */
export type Unit = { readonly code: number } | { readonly read: OpExpr }

/** What reading a unit gives where there is none, and what stands for that: less than all units, as an empty text is. */
const READS = {
  'string.get': { indexOf: index, none: undefined },
  'string.char_at': { indexOf: position, none: -1 },
  'string.at': { indexOf: index, none: -2 },
} as const satisfies { readonly [K in OpName]?: { readonly indexOf: Index; readonly none: number | undefined } }

const isRead = (op: OpName): op is keyof typeof READS => Object.hasOwn(READS, op)

export function unitOf(e: Expr): Unit | undefined {
  if (e.kind === 'const') {
    const text = e.value as string
    return text.length === 1 ? { code: text.charCodeAt(0) } : undefined
  }
  return e.kind === 'op' && isRead(e.op) ? { read: e } : undefined
}

/** Lowers a comparison one side of which is a constant of one unit, or both of which are one unit; whether it is one. */
export function comparesUnits(f: FuncLowering, e: OpExpr): boolean {
  const [a, b] = e.args as readonly [Expr, Expr]
  const op = e.op as Comparison
  const [left, right] = [unitOf(a), unitOf(b)]
  if (left && right && ('read' in left || 'read' in right))
    compareUnits(f, op, left, right, { before: (x, y) => burnOne(f, e, [left, right], x, y) })
  else if (right && 'code' in right && !left) compareText(f, e, a, right.code, AFTER[op])
  else if (left && 'code' in left && !right) compareText(f, e, b, left.code, BEFORE[op])
  else return false
  return true
}

const TWO = { 'string.eq': 'i32.eq', 'string.lt': 'i32.lt_s', 'string.le': 'i32.le_s' } as const

/** What is charged on the way: behind each operand, and before the comparison, by the locals of both units. */
type Charges = { readonly behind?: readonly [Push, Push]; readonly before?: (x: number, y: number) => void }

export function compareUnits(f: FuncLowering, op: Comparison, left: Unit, right: Unit, charges: Charges): void {
  const { c } = f
  const [x, y] = [c.borrow(I32), c.borrow(I32)]
  for (const [i, unit] of [left, right].entries()) {
    pushUnit(f, unit)
    c.set(i === 0 ? x : y)
    charges.behind?.[i]!()
  }
  charges.before?.(x, y)
  c.get(x).get(y).op(TWO[op])
  c.release(I32, x, y)
}

/** Charges a comparison of two units for the lesser length: 1, or 0 where `charAt` found nothing. */
function burnOne(f: FuncLowering, e: OpExpr, units: readonly Unit[], x: number, y: number): void {
  const { c } = f
  f.at(e.span)
  if (!units.some((unit) => 'read' in unit && unit.read.op === 'string.char_at')) return f.burn(1)
  c.get(x).get(y).op('i32.or').i32(0).op('i32.ge_s').if()
  f.burn(1)
  c.end()
}

function pushUnit(f: FuncLowering, unit: Unit): void {
  const { c } = f
  if ('code' in unit) return void c.i32(unit.code)
  const { read } = unit
  const { indexOf, none } = READS[read.op as keyof typeof READS]
  const otherwise = (): void => {
    if (none !== undefined) return void c.i32(none)
    f.at(read.span)
    f.trap('index-out-of-bounds')
  }
  f.inside(read.span, () => unitAt(f, read, indexOf, I32, () => undefined, otherwise))
}

/** What a comparison with one unit comes to: of an empty text, and by how the first unit compares, alone or where it is equal and more units follow or not. */
type Verdict = {
  readonly ofEmpty: 0 | 1
  readonly first?: 'i32.lt_u' | 'i32.gt_u' | 'i32.ge_u'
  readonly ifEqual?: 'alone' | 'followed'
}

/** Of a text on the left of a unit. */
const AFTER: Readonly<Record<Comparison, Verdict>> = {
  'string.eq': { ofEmpty: 0, ifEqual: 'alone' },
  'string.lt': { ofEmpty: 1, first: 'i32.lt_u' },
  'string.le': { ofEmpty: 1, first: 'i32.lt_u', ifEqual: 'alone' },
}

/** Of a text on the right of a unit. */
const BEFORE: Readonly<Record<Comparison, Verdict>> = {
  'string.eq': AFTER['string.eq'],
  'string.lt': { ofEmpty: 0, first: 'i32.gt_u', ifEqual: 'followed' },
  'string.le': { ofEmpty: 0, first: 'i32.ge_u' },
}

function compareText(f: FuncLowering, e: OpExpr, text: Expr, code: number, verdict: Verdict): void {
  const { c, m } = f
  const { ofEmpty, first, ifEqual } = verdict
  const [s, length, unit] = [c.borrow(EXTERNREF), c.borrow(I32), c.borrow(I32)]
  f.value(text)
  f.at(e.span)
  c.tee(s).call(m.imports.builtin('length')).tee(length).if(I32)
  f.burn(1)
  c.get(s).i32(0).call(m.imports.builtin('charCodeAt')).set(unit)
  if (first) c.get(unit).i32(code).op(first)
  if (ifEqual) {
    c.get(unit).i32(code).op('i32.eq')
    c.get(length)
      .i32(1)
      .op(ifEqual === 'alone' ? 'i32.eq' : 'i32.gt_u')
      .op('i32.and')
  }
  if (first && ifEqual) c.op('i32.or')
  c.else().i32(ofEmpty).end()
  c.release(EXTERNREF, s).release(I32, length, unit)
}
