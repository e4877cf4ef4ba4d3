import type { HArg, HElem, HExpr, HProp, HStmt } from '../hir.ts'
import { ALL, NULLISH } from '../kinds.ts'
import { textOf } from '../source-text.ts'
import { delegateAsync } from './delegate-async.ts'
import { delegate } from './delegate.ts'
import { assign, letOf, read, type Machine } from './machine.ts'
import { addStatements } from './statements.ts'
import { hasYield } from './yields.ts'

/** Adds what an expression does up to its last yield to a machine; what is left of it has no yield and is to be evaluated next. */
export function takeApart(m: Machine, e: HExpr): HExpr {
  if (!hasYield(e)) return e
  switch (e.kind) {
    case 'yield':
      if (e.walk) return (e.awaits ? delegateAsync : delegate)(m, e, e.walk)
      return e.awaits ? m.driver.wait(m, takeApart(m, e.value)) : m.driver.yield(m, takeApart(m, e.value))
    case 'seq':
      addStatements(m, e.body)
      return takeApart(m, e.value)
    case 'logical':
      return takeLogical(m, e)
    case 'cond':
      return takeCond(m, e)
    default:
      return takeOperands(m, e)
  }
}

export const unless = (test: HExpr, then: readonly HStmt[]): HStmt => ({
  kind: 'if',
  test,
  then: [],
  else: then,
  span: test.span,
})

const FALSY = { '&&': ALL, '||': ALL, '??': ALL & ~NULLISH } as const

function takeLogical(m: Machine, e: HExpr & { kind: 'logical' }): HExpr {
  const left = takeApart(m, e.a)
  if (!hasYield(e.b)) return { ...e, a: left }
  const result = m.temp('value', true)
  const first = m.spill(left)
  const { span } = e
  const [short, after] = [m.state(), m.state()]
  const missing: HExpr = { kind: 'isMissing', x: first, nullish: true, span }
  const goes: HExpr = e.op === '&&' ? first : e.op === '||' ? { kind: 'unary', op: '!', x: first, span } : missing
  m.add(unless(goes, m.jump(short)))
  m.add(letOf(result, takeApart(m, e.b)), ...m.jump(after))
  m.place(short)
  m.add(assign(result, { kind: 'narrow', x: first, kinds: FALSY[e.op], reason: 'flow', span }))
  m.place(after)
  return read(result, span)
}

function takeCond(m: Machine, e: HExpr & { kind: 'cond' }): HExpr {
  const test = takeApart(m, e.test)
  if (!hasYield(e.then) && !hasYield(e.else)) return { ...e, test }
  const result = m.temp('value', true)
  const [otherwise, after] = [m.state(), m.state()]
  m.add(unless(test, m.jump(otherwise)))
  m.add(letOf(result, takeApart(m, e.then)), ...m.jump(after))
  m.place(otherwise)
  m.add(assign(result, takeApart(m, e.else)))
  m.place(after)
  return read(result, e.span)
}

/** Operands in their order, and the expression made of others in their places. */
type Operands = { readonly list: readonly Operand[]; readonly make: (list: readonly HExpr[]) => HExpr }
type Operand = {
  readonly x: HExpr
  /** What is kept of it while a later operand yields, where that is not the value itself. */
  readonly hold?: (x: HExpr) => HExpr
}

function takeOperands(m: Machine, e: HExpr): HExpr {
  const { list, make } = operandsOf(e)
  const last = list.findLastIndex(({ x }) => hasYield(x))
  return make(
    list.map(({ x, hold }, i) => {
      const left = takeApart(m, x)
      if (i >= last || isSteady(left)) return left
      return m.spill(hold ? hold(left) : left, left.kind === 'var' ? left.v.name : undefined)
    }),
  )
}

/** Whether evaluating it later gives the same. */
function isSteady(x: HExpr): boolean {
  if (x.kind === 'narrow') return isSteady(x.x)
  if (x.kind === 'var') return !x.v.checked && (x.v.func !== undefined || (!x.v.assigned && x.v.scope !== null))
  return x.kind === 'const' || x.kind === 'builtinRef'
}

function operandsOf(e: HExpr): Operands {
  const plain = (...list: HExpr[]): Operand[] => list.map((x) => ({ x }))
  switch (e.kind) {
    case 'assign':
    case 'yield':
      return { list: plain(e.value), make: ([value]) => ({ ...e, value: value as HExpr }) }
    case 'unary':
    case 'narrow':
    case 'require':
    case 'isMissing':
    case 'instanceof':
      return { list: plain(e.x), make: ([x]) => ({ ...e, x: x as HExpr }) }
    case 'binary':
      return { list: plain(e.a, e.b), make: ([a, b]) => ({ ...e, a: a as HExpr, b: b as HExpr }) }
    case 'instanceofValue':
      return { list: plain(e.x, e.target), make: ([x, target]) => ({ ...e, x: x as HExpr, target: target as HExpr }) }
    case 'template': {
      const hold = (x: HExpr): HExpr => ({ kind: 'template', parts: [x], span: x.span })
      return { list: e.parts.map((x) => ({ x, hold })), make: (parts) => ({ ...e, parts }) }
    }
    case 'delete':
    case 'in':
      return { list: plain(e.key, e.obj), make: ([key, obj]) => ({ ...e, key: key as HExpr, obj: obj as HExpr }) }
    case 'get':
      return { list: plain(e.obj), make: ([obj]) => ({ ...e, obj: obj as HExpr }) }
    case 'set':
      return {
        list: plain(e.obj, e.value),
        make: ([obj, value]) => ({ ...e, obj: obj as HExpr, value: value as HExpr }),
      }
    case 'index':
      return { list: plain(e.obj, e.key), make: ([obj, key]) => ({ ...e, obj: obj as HExpr, key: key as HExpr }) }
    case 'setIndex':
      return {
        list: plain(e.obj, e.key, e.value),
        make: ([obj, key, value]) => ({ ...e, obj: obj as HExpr, key: key as HExpr, value: value as HExpr }),
      }
    case 'array':
      return { list: e.elems.flatMap(elemOperand), make: (list) => ({ ...e, elems: refill(e.elems, list) }) }
    case 'object':
      return { list: e.props.flatMap(propOperands), make: (list) => ({ ...e, props: refill(e.props, list) }) }
    default:
      return callOperands(e)
  }
}

function callOperands(e: HExpr): Operands {
  switch (e.kind) {
    case 'call':
      return {
        list: [{ x: e.callee }, ...(e.self ? [{ x: e.self }] : []), ...e.args.map(argOperand)],
        make: ([callee, ...others]) => {
          const args = refill(e.args, e.self ? others.slice(1) : others)
          return { ...e, callee: callee as HExpr, ...(e.self && { self: others[0] as HExpr }), args }
        },
      }
    case 'method': {
      // The member is looked up before the arguments are evaluated.
      const message = `Cannot read properties of % (reading '${e.name}')`
      const hold = (x: HExpr): HExpr => ({ kind: 'require', x, message, span: x.span })
      return {
        list: [{ x: e.obj, hold }, ...e.args.map(argOperand)],
        make: ([obj, ...args]) => ({ ...e, obj: obj as HExpr, args: refill(e.args, args) }),
      }
    }
    case 'super':
      return {
        list: [{ x: e.obj }, ...e.args.map(argOperand)],
        make: ([obj, ...args]) => ({ ...e, obj: obj as HExpr, args: refill(e.args, args) }),
      }
    case 'new':
    case 'builtin':
      return { list: e.args.map(argOperand), make: (args) => ({ ...e, args: refill(e.args, args) }) }
    default:
      throw new Error(`${textOf(e)} has no operands`)
  }
}

/** What is spread is gone through where it stands. */
const argOperand = (arg: HArg): Operand =>
  arg.kind === 'item'
    ? { x: arg.value }
    : { x: arg.value, hold: (x) => ({ kind: 'array', elems: [{ kind: 'spread', value: x }], span: x.span }) }

const elemOperand = (elem: HElem): Operand[] => (elem.kind === 'hole' ? [] : [argOperand(elem)])

/** A computed key is made text before its value is evaluated (13.2.5.5). */
function propOperands(prop: HProp): Operand[] {
  if (prop.kind === 'field') return [{ x: prop.value }]
  if (prop.kind === 'computed')
    return [{ x: prop.key, hold: (x) => ({ kind: 'template', parts: [x], span: x.span }) }, { x: prop.value }]
  const { except } = prop
  return [
    {
      x: prop.value,
      hold: (x) => ({ kind: 'object', props: [{ kind: 'spread', value: x, except }], span: x.span }),
    },
  ]
}

/** The parts with other values, in order. */
function refill<T extends HElem | HProp>(parts: readonly T[], values: readonly HExpr[]): T[] {
  let next = 0
  const take = (): HExpr => values[next++] as HExpr
  return parts.map((part) => {
    if (part.kind === 'hole') return part
    if (part.kind === 'computed') return { ...part, key: take(), value: take() }
    return { ...part, value: take() }
  })
}
