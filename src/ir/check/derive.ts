import { CONSOLE_METHODS } from '../console.ts'
import { isEffectName } from '../effect-name.ts'
import type { Constant, Expr, Immediate, Local, Module, ObjectDef } from '../module.ts'
import { opRow, type OpName } from '../ops.ts'
import type { ImmediateKind } from '../ops/row.ts'
import { signatureOf } from '../signature.ts'
import { BOOL, F64, formatType, NULL, sameType, STRING, UNDEFINED, type Type } from '../types.ts'
import { assertNever } from '../walk.ts'
import { matchSignature } from './match.ts'
import { OP_RULES, type RuledOp } from './op-rules.ts'
import { fault, type Fault } from './rules.ts'

/** Where an expression stands: its module and the locals of its function. */
export type Scope = { readonly module: Module; readonly locals: readonly Local[] }

/** Expressions as far as their type depends on them. */
type Untyped<E> = E extends unknown ? Omit<E, 'type' | 'span'> : never

/**
 * The type of an expression, from its parts and the types written on them, or the rule it
 * breaks. The checker, the printer (which leaves out what follows) and the parser agree by it.
 */
export function deriveType(scope: Scope, expr: Untyped<Expr>): Type | Fault {
  switch (expr.kind) {
    case 'const':
      return typeOfConstant(expr.value)
    case 'local':
      return scope.locals[expr.local]?.type ?? fault('local', `there is no local ${expr.local}`)
    case 'op':
      return typeOfOp(
        scope.module,
        expr.op,
        expr.imm,
        expr.args.map((arg) => arg.type),
      )
    case 'call': {
      const func = scope.module.funcs[expr.func]
      if (!func) return fault('call', `there is no function ${expr.func}`)
      if (func.captures.length > 0) return fault('call', `${func.name} has captures`)
      return argumentsFault('call', func.params.length, (i) => func.params[i]!.type, expr.args) ?? func.result
    }
    case 'invoke': {
      const { type } = expr.callee
      if (type.kind !== 'func') return fault('invoke', `the callee is of type ${formatType(type)}`)
      return argumentsFault('invoke', type.params.length, (i) => type.params[i]!, expr.args) ?? type.result
    }
    case 'cond': {
      const [a, b] = [expr.then.type, expr.else.type]
      if (expr.test.type.kind !== 'bool') return fault('test', `the test is of type ${formatType(expr.test.type)}`)
      return sameType(a, b) ? a : fault('branches', `they are of types ${formatType(a)} and ${formatType(b)}`)
    }
    case 'seq':
      return expr.value.type
    default:
      return assertNever(expr)
  }
}

/** The type a constant has by its value alone; integers may also be i32. */
function typeOfConstant(value: Constant): Type {
  if (value === undefined) return UNDEFINED
  if (value === null) return NULL
  return typeof value === 'number' ? F64 : typeof value === 'string' ? STRING : BOOL
}

/** Looks at the parameters only when their number is right, so that the work is bounded by what the module spells out. */
function argumentsFault(
  rule: 'call' | 'invoke',
  count: number,
  paramAt: (i: number) => Type,
  args: readonly Expr[],
): Fault | undefined {
  if (args.length !== count) return fault(rule, `there are ${args.length} arguments for ${count} parameters`)
  const at = args.findIndex((arg, i) => !sameType(arg.type, paramAt(i)))
  if (at < 0) return undefined
  const [given, wanted] = [formatType(args[at]!.type), formatType(paramAt(at))]
  return fault(rule, `argument ${at + 1} is of type ${given}, not ${wanted}`)
}

function typeOfOp(module: Module, op: OpName, imm: readonly Immediate[], args: readonly Type[]): Type | Fault {
  const kinds = opRow(op).imm ?? []
  const wrong = immediatesFault(module, op, kinds, imm)
  if (wrong) return wrong
  // `array.new` is the one operation whose T the immediate fixes, so that it may have no operands.
  const variable = op === 'array.new' ? (imm[0] as Type) : undefined
  const matched = matchSignature(signatureOf(op), args, variable)
  if (matched && 'rule' in matched) return matched
  if (Object.hasOwn(OP_RULES, op)) return OP_RULES[op as RuledOp].type({ module, imm, args })
  return matched!
}

function immediatesFault(
  module: Module,
  op: OpName,
  kinds: readonly ImmediateKind[],
  imm: readonly Immediate[],
): Fault | undefined {
  if (imm.length !== kinds.length) return fault('immediate', `${op} has ${kinds.length} immediates, not ${imm.length}`)
  // Fields belong to the object that is named last before them.
  let object: ObjectDef | undefined
  for (const [i, kind] of kinds.entries()) {
    const value = imm[i]!
    if (kind === 'object') object = module.objects[value as number]
    if (!immediateFits(module, kind, value, object))
      return fault('immediate', `there is no ${kind} ${JSON.stringify(value)}`)
    const names = kind === 'name' ? NAMES[op] : undefined
    if (names && !names.has(value as string)) return fault('immediate', `${op} knows no ${JSON.stringify(value)}`)
  }
  return undefined
}

function immediateFits(module: Module, kind: ImmediateKind, value: Immediate, object: ObjectDef | undefined): boolean {
  switch (kind) {
    case 'object':
      return object !== undefined
    case 'field':
      return object?.fields[value as number] !== undefined
    case 'func':
      return module.funcs[value as number] !== undefined
    case 'global':
      return module.globals[value as number] !== undefined
    case 'index':
      return Number.isSafeInteger(value)
    case 'name':
      return typeof value === 'string'
    case 'fields': {
      const list = value as readonly number[]
      return new Set(list).size === list.length && list.every((i) => object?.fields[i] !== undefined)
    }
    case 'type':
      return typeof value === 'object' && !Array.isArray(value)
  }
}

/** The kinds of errors that exist. */
const ERROR_NAMES = [
  'AggregateError',
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
] as const

/** Names that the immediate of an operation is restricted to. */
const NAMES: { readonly [K in OpName]?: { has(name: string): boolean } } = {
  'error.new': new Set(ERROR_NAMES),
  'dyn.is_error': new Set(ERROR_NAMES),
  'effect.start': { has: isEffectName },
  log: new Set(Object.keys(CONSOLE_METHODS)),
  'log.list': new Set(Object.keys(CONSOLE_METHODS)),
}
