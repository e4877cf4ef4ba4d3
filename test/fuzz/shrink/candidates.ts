// Smaller things that may stand in the place of a part of a program.
import { NO_SPAN } from '../../../src/base/index.ts'
import {
  BOOL,
  childrenOf,
  F64,
  isExpr,
  membersOf,
  partsOf,
  NULL,
  sameType,
  STRING,
  UNDEFINED,
  type Constant,
  type Expr,
  type Immediate,
  type Module,
  type OpName,
  type Stmt,
  type Type,
} from '../../../src/ir/index.ts'
import { closureOf } from '../../ir/generate-ruled.ts'
import { rewriteBody } from './rewrite.ts'

/** How deep an operand may be that replaces an expression. */
const DEPTH_MAX = 4
const STRINGS_SHORTEST = ['', 'a', 'ab', '0']

/** Expressions of the same type that are simpler, the simplest first. */
export function simplerExprs(module: Module, expr: Expr): Expr[] {
  if (expr.kind === 'const') return simplerConstants(expr)
  const plain = isPlainest(expr) ? [] : plainest(module, expr.type)
  return [...plain, ...operandsOf(expr, expr.type, DEPTH_MAX), ...fewerOperands(expr)]
}

/** Operands of the type, at some depth. */
function operandsOf(expr: Expr, type: Type, depth: number): Expr[] {
  if (depth === 0) return []
  return childrenOf(expr)
    .filter(isExpr)
    .flatMap((inner) => [...(sameType(inner.type, type) ? [inner] : []), ...operandsOf(inner, type, depth - 1)])
}

/** The same with one operand less, where the number of operands is free. */
function fewerOperands(expr: Expr): Expr[] {
  if (expr.kind !== 'op' || !['array.new', 'log', 'object.new'].includes(expr.op)) return []
  return expr.args.map((_, i) => {
    const args = expr.args.toSpliced(i, 1)
    if (expr.op !== 'object.new') return { ...expr, args }
    return { ...expr, imm: [expr.imm[0]!, (expr.imm[1] as readonly number[]).toSpliced(i, 1)], args }
  })
}

function simplerConstants(expr: Extract<Expr, { kind: 'const' }>): Expr[] {
  const { value } = expr
  const as = (other: Constant): Expr => ({ ...expr, value: other })
  if (typeof value === 'number') {
    const better = [0, 1, 2, Math.trunc(value / 2), Math.trunc(value)].filter(
      (n) => Math.abs(n) < Math.abs(value) || n !== n,
    )
    return Object.is(value, -0) ? [as(0)] : [...new Set(Number.isNaN(value) ? [0, 1] : better)].map(as)
  }
  if (typeof value === 'string') {
    const shorter = [...STRINGS_SHORTEST, value.slice(0, value.length / 2), value.slice(1)]
    return [...new Set(shorter)].filter((text) => text.length < value.length).map(as)
  }
  return value === true ? [as(false)] : []
}

function isPlainest(expr: Expr): boolean {
  if (expr.kind !== 'op') return false
  if (expr.op === 'dyn.box') return expr.args[0]!.kind === 'const'
  return (
    ['array.new', 'object.new', 'error.new', 'closure.new', 'cell.new', 'tuple.new'].includes(expr.op) &&
    expr.args.every((arg) => arg.kind === 'const')
  )
}

type Make = (op: OpName, imm: readonly Immediate[], args: Expr[]) => Expr

/** The plainest object of a definition. */
function simplestObject(module: Module, id: number, op: Make, first: (of: Type) => Expr[]): Expr {
  const { role, fields } = module.objects[id]!
  if (role === 'error') return op('error.new', [id, 'Error'], first(STRING))
  const zero = first(F64)
  if (role === 'buffer') return op('buffer.new', [id], zero)
  if (role !== 'typed') return op('object.new', [id, []], [])
  return fields.length < 3
    ? op('typed.new', [id], zero)
    : op('typed.view', [id], [...first(fields[2]!.type), ...zero, ...zero])
}

/** Values of the type that are as plain as can be. */
export function plainest(module: Module, type: Type): Expr[] {
  const constant = (value: Constant): Expr => ({ kind: 'const', value, type, span: NO_SPAN })
  const op = (
    name: Extract<Expr, { kind: 'op' }>['op'],
    imm: Extract<Expr, { kind: 'op' }>['imm'],
    args: Expr[],
  ): Expr => ({
    kind: 'op',
    op: name,
    imm,
    args,
    type,
    span: NO_SPAN,
  })
  const first = (of: Type): Expr[] => plainest(module, of).slice(0, 1)
  switch (type.kind) {
    case 'undefined':
      return [constant(undefined)]
    case 'null':
      return [constant(null)]
    case 'bool':
      return [constant(false), constant(true)]
    case 'i32':
    case 'f64':
      return [constant(0), constant(1)]
    case 'string':
      return [constant(''), constant('a')]
    case 'bigint':
      return ['0', '1'].map((digits) => op('bigint.from_string', [], [{ ...constant(digits), type: STRING }]))
    case 'any':
      return [UNDEFINED, NULL, F64, BOOL, STRING].map((member) => op('dyn.box', [type], first(member)))
    case 'self':
      return []
    case 'nested': {
      const flat = membersOf(type).filter((member) => partsOf(member).length === 0 && member.kind !== 'object')
      return (flat.length > 0 ? flat : membersOf(type)).map((member) => op('dyn.box', [type], first(member)))
    }
    case 'json':
    case 'union':
      return membersOf(type).map((member) => op('dyn.box', [type], first(member)))
    case 'array':
      return [op('array.new', [type.elem], [])]
    case 'tuple':
      return [op('tuple.new', [type], type.elems.flatMap(first))]
    case 'object':
      return [simplestObject(module, type.id, op, first)]
    case 'map':
    case 'set':
    case 'dict':
      return [op('table.new', [type], [])]
    case 'cell':
      return [op('cell.new', [], first(type.of))]
    case 'func': {
      const func = module.funcs.findIndex((f) => sameType(closureOf(f), type))
      return func < 0
        ? []
        : [
            op(
              'closure.new',
              [func],
              module.funcs[func]!.captures.flatMap((c) => first(c.type)),
            ),
          ]
    }
  }
}

/** Lists of statements that may stand in the place of one. */
export function simplerStmts(stmt: Stmt): (readonly Stmt[])[] {
  const value = (expr: Expr): Stmt => ({ kind: 'expr', expr, span: expr.span })
  switch (stmt.kind) {
    case 'expr':
      return childrenOf(stmt.expr).map((inner) => [isExpr(inner) ? value(inner) : inner])
    case 'set':
    case 'throw':
      return [[value(stmt.value)]]
    case 'if':
      return [stmt.then, stmt.else, [{ ...stmt, else: [] }]]
    case 'block':
      return [withoutJumps(stmt.body, stmt.label)]
    case 'loop':
      return [
        withoutJumps(stmt.body, stmt.label),
        withoutJumps([...stmt.body, ...stmt.update], stmt.label),
        ...simplerLoops(stmt),
      ]
    case 'switch':
      return [
        ...stmt.cases.map((c) => withoutJumps(c.body, stmt.label)),
        ...stmt.cases.map((_, i) => [{ ...stmt, cases: stmt.cases.toSpliced(i, 1) }]),
      ]
    case 'try':
      return [stmt.body, ...simplerTries(stmt)]
    default:
      return []
  }
}

function simplerLoops(stmt: Extract<Stmt, { kind: 'loop' }>): Stmt[][] {
  const { test, ...rest } = stmt
  return [...(stmt.post ? [[{ ...stmt, post: false }]] : []), ...(test ? [[rest]] : [])]
}

function simplerTries(stmt: Extract<Stmt, { kind: 'try' }>): (readonly Stmt[])[] {
  const { kind, body, span } = stmt
  const last = stmt.finally
  if (!stmt.catch || !last) return last ? [last, [...body, ...last]] : [stmt.catch!.body]
  return [[{ kind, body, catch: stmt.catch, span }], [{ kind, body, finally: last, span }], stmt.catch.body, last]
}

/** The statements without those that jump to a label that is no longer there. */
function withoutJumps(body: readonly Stmt[], label: number): readonly Stmt[] {
  const isJump = (stmt: Stmt): boolean => (stmt.kind === 'break' || stmt.kind === 'continue') && stmt.label === label
  return rewriteBody(body, { stmts: (list) => list.filter((stmt) => !isJump(stmt)) })
}
