import { isTable, membersOf, type Expr, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emit } from '../emit/expressions.ts'
import { undef } from '../emit/make.ts'
import { typedName } from '../emit/typed.ts'
import { visit } from '../flow/expressions.ts'
import type { HArg, HExpr } from '../hir.ts'
import { hasMember, isIterator, ITERATOR, nodeOf } from './iterators.ts'
import type { EmitUse, Row } from './row.ts'
import { derive } from './walking.ts'

/** What is iterated is asked for its iterator (GetIteratorFlattenable, 7.4.6). */
const iteratorOf = (at: HExpr, args: readonly HArg[]): HExpr =>
  derive(at, 'iterator', (): HExpr => {
    const { span } = at
    const x: HExpr = args[0]?.value ?? { kind: 'const', value: undefined, span }
    const obj: HExpr = { kind: 'require', x, message: 'Iterator.from called on non-object', span }
    return { kind: 'method', obj, name: ITERATOR, args: [], span }
  })

/** Iterator.from (27.1.3.2.1) of what gives iterators of the library. Node puts those of programs into others, which have the helpers. */
export const iteratorFrom: Row = {
  flow: (use) => use.a.solver.edge(visit(use.a, use.inst, iteratorOf(use.at, use.args)), use.out),
  emit: (use) => {
    const { c, at, args } = use
    const [given] = args
    if (given?.kind === 'spread') return refuse(use, 'a spread argument of Iterator.from')
    if (given && !membersOf(c.typeOf(given.value)).every((type) => isMissing(type) || isIterable(c, type)))
      return refuse(use, 'Iterator.from of what may have no `[Symbol.iterator]`')
    const made = emit(c, iteratorOf(at, args))
    const isOther = (type: Type): boolean => {
      const node = nodeOf(c, type)
      return !isMissing(type) && !(node && isIterator(node))
    }
    return membersOf(made.type).some(isOther) ? refuse(use, 'Iterator.from of an iterator of the program') : made
  },
}

const isMissing = ({ kind }: Type): boolean => kind === 'undefined' || kind === 'null'

function isIterable(c: FunctionContext, type: Type): boolean {
  if (['array', 'tuple', 'string'].includes(type.kind) || isTable(type) || typedName(c, type)) return true
  const node = nodeOf(c, type)
  return node !== undefined && (isIterator(node) || hasMember(node, ITERATOR))
}

function refuse({ c, at }: EmitUse, what: string): Expr {
  const hint = 'Write a generator that goes through it: `function* () { for (...) yield ... }`.'
  c.report('ANRF1101', at.span, what, hint, 'Iterator.from')
  return undef(at.span)
}
