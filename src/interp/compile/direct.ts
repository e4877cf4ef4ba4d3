import {
  admits,
  isUnion,
  membersOf,
  NULL,
  UNDEFINED,
  type Immediate,
  type Module,
  type OpName,
  type Type,
} from '../../ir/index.ts'
import { Layout } from '../../values/index.ts'
import { KIND, kindOf } from '../kinds.ts'
import type { Opcode } from '../opcodes.ts'

/** What decides whether an operation has an instruction of its own here. */
export type Use = {
  readonly op: OpName
  readonly imm: readonly Immediate[]
  readonly argTypes: readonly Type[]
  readonly type: Type
  readonly module: Module
  /** The result is not used. */
  readonly discarded: boolean
}

/** An instruction: operands are the destination if `dst`, the registers of the arguments, then `extra`. */
export type Direct = {
  readonly opcode: Opcode
  readonly dst: boolean
  /** Numbers that follow the first argument. */
  readonly extra?: readonly number[]
  /** A constant of the R bank, whose index comes last. */
  readonly constant?: unknown
  /** The arguments are swapped. */
  readonly swap?: boolean
}

type Rule = Opcode | ((use: Use) => Direct | undefined)

const to = (opcode: Opcode, extra: readonly number[] = []): Direct => ({ opcode, dst: true, extra })
const swapped = (opcode: Opcode) => (): Direct => ({ opcode, dst: true, swap: true })

/** The opcode for the kind of a type; f64, bool, reference. i32 has none. */
function byKind(type: Type, f64: Opcode, bool: Opcode | undefined, ref: Opcode): Opcode | undefined {
  switch (kindOf(type)) {
    case KIND.f64:
      return f64
    case KIND.bool:
      return bool
    case KIND.ref:
      return ref
    default:
      return undefined
  }
}

const elementOf = (type: Type): Type => (type.kind === 'array' ? type.elem : type)

const some = (opcode: Opcode | undefined, dst: boolean, extra: readonly number[] = []): Direct | undefined =>
  opcode && { opcode, dst, extra }

function field({ imm, argTypes, module }: Use, set: boolean): Direct | undefined {
  const id = imm[0] as number
  const index = imm[1] as number
  const layout = new Layout(id, module.objects[id])
  const { type } = module.objects[id].fields[index]
  const slot = layout.slotOf[index]
  const number = layout.isNumber[index] === 1
  // A number in the references is boxed, and an i32 there has no instruction.
  if ((kindOf(type) === KIND.f64) !== number || argTypes.length === 0) return undefined
  if (!set) return some(byKind(type, 'FIELD_F', 'FIELD_B', 'FIELD_R'), true, number ? [slot, index] : [slot])
  return some(byKind(type, 'SET_FIELD_F', 'SET_FIELD_B', 'SET_FIELD_R'), false, [slot, index])
}

/** Whether the operand's members that the result is not are null and undefined only. */
function dropsNone({ argTypes, type }: Use): boolean {
  const [from] = argTypes
  if (!isUnion(from)) return false
  const lost = membersOf(from).filter((member) => !admits(type, member))
  return lost.length > 0 && lost.every((member) => member.kind === 'null' || member.kind === 'undefined')
}

function unbox(use: Use): Direct | undefined {
  const { type } = use
  const ref = kindOf(type) === KIND.ref
  if (ref && dropsNone(use) && !admits(type, NULL) && !admits(type, UNDEFINED)) return to('UNBOX_SOME')
  if (type.kind === 'f64') return to('UNBOX_F')
  return type.kind === 'object' ? to('UNBOX_OBJECT', [type.id]) : undefined
}

const cellContent = (type: Type): Type => (type.kind === 'cell' ? type.of : type)

/** Operations that have an instruction of their own, at least for some types. */
const DIRECT: { readonly [K in OpName]?: Rule } = {
  'f64.add': 'ADD',
  'f64.sub': 'SUB',
  'f64.mul': 'MUL',
  'f64.div': 'DIV',
  'f64.rem': 'REM',
  'f64.neg': 'NEG',
  'math.sqrt': 'SQRT',
  'math.floor': 'FLOOR',
  'math.abs': 'ABS',
  'f64.lt': 'LT',
  'f64.le': 'LE',
  'f64.gt': swapped('LT'),
  'f64.ge': swapped('LE'),
  'f64.eq': 'EQ',
  'f64.ne': 'NE',
  'f64.to_i32': 'TO_I32',
  'f64.from_i32': 'FROM_I32',
  'f64.from_u32': 'FROM_U32',
  'f64.from_bool': 'FROM_I32',
  'i32.and': 'AND_I',
  'i32.or': 'OR_I',
  'i32.xor': 'XOR_I',
  'i32.shl': 'SHL_I',
  'i32.shr': 'SHR_I',
  'i32.ushr': 'USHR_I',
  'bool.not': 'NOT',
  'f64.min': 'MIN',
  'f64.max': 'MAX',
  'f64.truthy': 'TRUTHY',
  'array.length': 'LENGTH',
  'array.get': ({ type }) => some(byKind(type, 'GET_F', 'GET_B', 'GET_R'), true),
  'array.get_opt': 'GET_OPT',
  'array.get_nan': 'GET_NAN',
  'array.set': ({ argTypes }) => some(byKind(elementOf(argTypes[0]), 'SET_F', 'SET_B', 'SET_R'), false),
  'array.push': ({ argTypes, discarded }) =>
    discarded ? some(byKind(elementOf(argTypes[0]), 'PUSH_F', undefined, 'PUSH_R'), false) : undefined,
  'typed.get': 'TYPED_GET',
  'typed.get_nan': 'TYPED_NAN',
  'typed.length': 'TYPED_LENGTH',
  'typed.set': () => ({ opcode: 'TYPED_SET', dst: false }),
  'string.length': 'STRING_LENGTH',
  'string.code_at': 'CODE_AT',
  'string.char_at': 'CHAR_AT',
  'string.concat': 'CONCAT',
  'string.eq': 'STRING_EQ',
  'object.get': (use) => field(use, false),
  'object.set': (use) => field(use, true),
  'cell.new': ({ argTypes }) => some(byKind(argTypes[0], 'NEW_CELL_F', undefined, 'NEW_CELL_R'), true),
  'cell.get': ({ type, imm }) => {
    const direct = some(byKind(type, 'CELL_F', undefined, 'CELL_R'), true)
    return direct && { ...direct, constant: imm[0] }
  },
  'cell.set': ({ argTypes }) => some(byKind(cellContent(argTypes[0]), 'SET_CELL_F', undefined, 'SET_CELL_R'), false),
  'global.get': ({ type, imm }) => some(byKind(type, 'GLOBAL_F', undefined, 'GLOBAL_R'), true, [imm[0] as number]),
  'global.set': ({ argTypes, imm }) =>
    some(byKind(argTypes[0], 'SET_GLOBAL_F', undefined, 'SET_GLOBAL_R'), false, [imm[0] as number]),
  'dyn.box': ({ argTypes }) => some(byKind(argTypes[0], 'BOX_F', undefined, 'BOX_R'), true),
  'dyn.eq': 'IS_SAME',
  'ref.eq': 'IS_SAME',
  'dyn.unbox': unbox,
  'tuple.get': ({ type, imm }) => some(byKind(type, 'TUPLE_F', undefined, 'TUPLE_R'), true, [imm[0] as number]),
  'tuple.set': ({ argTypes, imm }) =>
    some(byKind(argTypes[1], 'SET_TUPLE_F', undefined, 'SET_TUPLE_R'), false, [imm[0] as number]),
}

/** The instruction for a use of an operation, if it has one. */
export function directInstruction(use: Use): Direct | undefined {
  const rule = DIRECT[use.op]
  return typeof rule === 'string' ? to(rule) : rule?.(use)
}
