// Builders for IR by hand. They fill in types from the operation table's rules only where these are plain; elsewhere the
// test says the type.
import { NO_SPAN, type Span } from '../../src/base/index.ts'
import {
  ANY,
  BOOL,
  ERROR_OBJECT,
  F64,
  STRING,
  UNDEFINED,
  type Expr,
  type Func,
  type Immediate,
  type Local,
  type Module,
  type ObjectDef,
  type OpName,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'

const span: Span = NO_SPAN

export const num = (value: number): Expr => ({ kind: 'const', value, type: F64, span })
export const str = (value: string): Expr => ({ kind: 'const', value, type: STRING, span })
export const bool = (value: boolean): Expr => ({ kind: 'const', value, type: BOOL, span })
export const undef: Expr = { kind: 'const', value: undefined, type: UNDEFINED, span }
export const get = (local: number, type: Type = F64): Expr => ({ kind: 'local', local, type, span })
export const op = (op: OpName, type: Type, args: readonly Expr[], imm: readonly Immediate[] = []): Expr => ({
  kind: 'op',
  op,
  imm,
  args,
  type,
  span,
})
const f64 =
  (name: OpName) =>
  (a: Expr, b: Expr): Expr =>
    op(name, F64, [a, b])
export const add = f64('f64.add')
export const sub = f64('f64.sub')
export const mul = f64('f64.mul')
export const div = f64('f64.div')
export const lt = (a: Expr, b: Expr): Expr => op('f64.lt', BOOL, [a, b])
export const concat = (a: Expr, b: Expr): Expr => op('string.concat', STRING, [a, b])
export const call = (func: number, type: Type, args: readonly Expr[]): Expr => ({
  kind: 'call',
  func,
  args,
  type,
  span,
})
export const invoke = (callee: Expr, type: Type, args: readonly Expr[]): Expr => ({
  kind: 'invoke',
  callee,
  args,
  type,
  span,
})
export const cond = (test: Expr, then: Expr, other: Expr): Expr => ({
  kind: 'cond',
  test,
  then,
  else: other,
  type: then.type,
  span,
})
export const seq = (body: readonly Stmt[], value: Expr): Expr => ({ kind: 'seq', body, value, type: value.type, span })
export const box = (value: Expr, type: Type = ANY): Expr => op('dyn.box', type, [value], [type])

export const set = (local: number, value: Expr): Stmt => ({ kind: 'set', local, value, span })
export const ret = (value: Expr = undef): Stmt => ({ kind: 'return', value, span })
export const exec = (expr: Expr): Stmt => ({ kind: 'expr', expr, span })
export const when = (test: Expr, then: readonly Stmt[], other: readonly Stmt[] = []): Stmt => ({
  kind: 'if',
  test,
  then,
  else: other,
  span,
})
export const loop = (
  test: Expr | undefined,
  body: readonly Stmt[],
  more: { label?: number; post?: boolean; update?: readonly Stmt[] } = {},
): Stmt => ({
  kind: 'loop',
  label: more.label ?? 0,
  ...(test && { test }),
  post: more.post ?? false,
  body,
  update: more.update ?? [],
  span,
})
export const block = (label: number, body: readonly Stmt[]): Stmt => ({ kind: 'block', label, body, span })
export const leave = (kind: 'break' | 'continue', label: number): Stmt => ({ kind, label, span })
export const raise = (value: Expr): Stmt => ({
  kind: 'throw',
  value: value.type.kind === 'any' ? value : box(value),
  span,
})
export const attempt = (
  body: readonly Stmt[],
  more: { catch?: { local: number; body: readonly Stmt[] }; finally?: readonly Stmt[] },
): Stmt => ({ kind: 'try', body, ...more, span })
export const log = (...values: Expr[]): Stmt =>
  exec(
    op(
      'log',
      UNDEFINED,
      values.map((v) => (v.type.kind === 'any' ? v : box(v))),
      ['log'],
    ),
  )

/** Counts `local` up from 0 while it is less than `to`. */
export const count = (local: number, to: Expr, body: readonly Stmt[], label = 0): readonly Stmt[] => [
  set(local, num(0)),
  loop(lt(get(local), to), body, { label, update: [set(local, add(get(local), num(1)))] }),
]

export type FuncParts = {
  readonly name?: string
  readonly params?: readonly Type[]
  readonly captures?: readonly Type[]
  readonly locals?: readonly Type[]
  readonly result?: Type
  readonly body: readonly Stmt[]
}

export function func(parts: FuncParts): Func {
  const first = parts.params?.length ?? 0
  const name = (list: readonly Type[] | undefined, start: number): Local[] =>
    (list ?? []).map((type, i) => ({ name: `v${start + i}`, type }))
  const second = first + (parts.captures?.length ?? 0)
  return {
    name: parts.name ?? 'f',
    params: name(parts.params, 0),
    captures: name(parts.captures, first),
    locals: name(parts.locals, second),
    result: parts.result ?? F64,
    body: parts.body,
    span,
  }
}

/** A module whose entries are all functions without captures or types that JSON cannot hold. */
export function module(
  funcs: readonly Func[],
  more: { objects?: readonly ObjectDef[]; globals?: readonly Type[]; entries?: readonly number[] } = {},
): Module {
  const init = func({ name: 'init', result: UNDEFINED, body: [ret()] })
  const entries = more.entries ?? [funcs.length - 1]
  return {
    files: [],
    objects: [ERROR_OBJECT, ...(more.objects ?? [])],
    globals: (more.globals ?? []).map((type, i) => ({ name: `g${i}`, type })),
    funcs: [...funcs, init],
    init: funcs.length,
    entries: entries.map((index) => ({
      name: index === entries.at(-1) ? 'main' : `f${index}`,
      func: index,
      params: funcs[index].params.map(({ name, type }) => ({ name, type, optional: false })),
      result: funcs[index].result,
    })),
  }
}
