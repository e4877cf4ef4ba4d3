import { membersOf, sameType, type Expr, type Type } from '../../ir/index.ts'
import { isFamily } from '../layout/values.ts'
import { fieldOf, getContent, pushContent, readContent, type Field } from './fields.ts'
import type { FuncLowering, OpExpr } from './func.ts'
import { refuseUnsetTag } from './tags.ts'

/**
 * Where a value may be of several types of objects the IR asks which it is before it uses a field, also where the field lies at the same
 * place in all of them. Then it is read, or set, in what their structs have in common, and nothing is asked.
 */

type Cond = Extract<Expr, { kind: 'cond' }>

/** The field that all ends of a chain of tests use alike, and the operation at one of them. */
type Shared = { readonly field: Field; readonly use: OpExpr; readonly local: number; readonly isSet: boolean }

/** Lowers a chain of tests that is the use of one field; false where it is anything else. */
export function useShared(f: FuncLowering, e: Cond): boolean {
  const shared = findShared(f, e)
  if (!shared) return false
  const { field, use, local, isSet } = shared
  const { c } = f
  c.get(f.locals[local]!)
  if (use.op === 'object.set') {
    pushContent(f, field, use.args[1]!)
    c.gc('struct.set', field.struct, field.at)
    return true
  }
  getContent(c, field)
  f.at(use.span)
  readContent(f, field, isSet)
  return true
}

/** Pushes the tag that a chain of tests reads; false where it reads none. */
export function pushSharedTag(f: FuncLowering, e: Cond): boolean {
  const shared = findShared(f, e)
  if (!shared?.field.isTag) return false
  f.c.get(f.locals[shared.local]!)
  getContent(f.c, shared.field)
  f.at(shared.use.span)
  if (!shared.isSet) refuseUnsetTag(f)
  return true
}

function findShared(f: FuncLowering, e: Cond): Shared | undefined {
  const local = testedLocal(e)
  if (local === undefined || !isFamily(f.localTypes[local]!)) return undefined
  const ends: OpExpr[] = []
  let rest: Expr = e
  for (; rest.kind === 'cond'; rest = rest.else) {
    if (testedLocal(rest) !== local || !isUseOf(rest.then, local, testedType(rest))) return undefined
    ends.push(rest.then)
  }
  if (!isUseOf(rest, local)) return undefined
  ends.push(rest)
  const [use, ...others] = ends as [OpExpr, ...OpExpr[]]
  const ids = new Set(ends.map(idOf))
  const isWhole = membersOf(f.localTypes[local]!).every((member) => member.kind === 'object' && ids.has(member.id))
  if (!isWhole || !others.every((other) => isSameUse(f, use, other))) return undefined
  return share(f, use, local, ends)
}

function share(f: FuncLowering, use: OpExpr, local: number, ends: readonly OpExpr[]): Shared | undefined {
  const { types, setFields } = f.m
  const field = placeOf(f, use)
  const { struct, fieldCount } = types.parentOf(idOf(use))!
  if (field.at >= fieldCount) return undefined
  const isSet = ends.every((end) => setFields[idOf(end)]!.has(end.imm[1] as number))
  return { field: { ...field, struct }, use, local, isSet }
}

/** The local whose type a chain begins to ask for. */
function testedLocal({ test }: Cond): number | undefined {
  if (test.kind !== 'op' || test.op !== 'dyn.is') return undefined
  const [value] = test.args
  return value!.kind === 'local' ? value!.local : undefined
}

const testedType = ({ test }: Cond): Type => (test as OpExpr).imm[0] as Type

/** Whether an expression uses a field of the value in the local, as what was asked for. */
function isUseOf(e: Expr, local: number, tested?: Type): e is OpExpr {
  if (e.kind !== 'op' || (e.op !== 'object.get' && e.op !== 'object.set')) return false
  const object = e.args[0]!
  if (object.kind !== 'op' || object.op !== 'dyn.unbox') return false
  const [value] = object.args
  if (value!.kind !== 'local' || value!.local !== local || object.type.kind !== 'object') return false
  return tested === undefined || sameType(object.type, tested)
}

const idOf = (use: OpExpr): number => use.imm[0] as number

const placeOf = (f: FuncLowering, use: OpExpr): Field => fieldOf(f.m, idOf(use), use.imm[1] as number)

/** Whether two ends do the same at the same place, in their objects and in the source. Setting fields of records notes the order of keys. */
function isSameUse(f: FuncLowering, use: OpExpr, other: OpExpr): boolean {
  const [a, b] = [placeOf(f, use), placeOf(f, other)]
  const isSamePlace = use.span.file >= 0 && use.span.file === other.span.file && use.span.start === other.span.start
  if (use.op !== other.op || !isSamePlace || use.span.end !== other.span.end) return false
  if (a.at !== b.at || a.isTag !== b.isTag) return false
  if (!sameType(a.type, b.type) || !sameType(a.kept, b.kept)) return false
  if (use.op === 'object.get') return true
  const isOrdered = [use, other].some((end) => f.m.types.object(idOf(end)).order !== undefined)
  return !isOrdered && isSameValue(use.args[1]!, other.args[1]!)
}

function isSameValue(a: Expr, b: Expr): boolean {
  if (!sameType(a.type, b.type)) return false
  if (a.kind === 'const') return b.kind === 'const' && Object.is(a.value, b.value)
  return a.kind === 'local' && b.kind === 'local' && a.local === b.local
}
