import {
  ANY,
  arrayOf,
  BOOL,
  F64,
  membersOf,
  isBoxed,
  isTable,
  optional,
  STRING,
  unionOf,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import { isCopied, type HExpr, type HStmt, type HVar } from '../hir.ts'
import { isMixed, iteratedMethod } from '../flow/statements.ts'
import type { Slot } from '../flow/slots.ts'
import { OBJ } from '../kinds.ts'
import { mayClose } from '../library/iterators.ts'
import type { FunctionContext } from './context.ts'
import { emitReceiver } from './access.ts'
import { required } from './convert.ts'
import { emit, emitAs, emitEffect } from './expressions.ts'
import { boxed, coerce, num, op, setLocal, undef } from './make.ts'
import { onlyIterable } from './iterated.ts'
import { asThrown, fromThrown } from './thrown.ts'
import { emitTest } from './operators.ts'
import { makePair } from './pairs.ts'
import { typedElement, typedLength, typedName } from './typed.ts'
import { tableLoop, usualPart } from './tables.ts'
import { emitClosure, isTaken, needsValue, openCell, openFrame, renew, write } from './variables.ts'
import { cannotRead } from '../member-names.ts'

export function emitStatements(c: FunctionContext, body: readonly HStmt[]): Stmt[] {
  const emitted = body.flatMap((s) => emitStatement(c, s))
  const early = body.flatMap((s) => (s.kind === 'let' && c.program.early.has(s.v) ? [openCell(c, s.v, s.span)] : []))
  return [...early, ...emitted]
}

function emitStatement(c: FunctionContext, s: HStmt): Stmt[] {
  const { span } = s
  switch (s.kind) {
    case 'let':
      return emitLet(c, s)
    case 'hoist':
      c.declare(s.v)
      return c.program.early.has(s.v) || !c.inCell(s.v) || (c.isFramed(s.v) && !isTaken(c, s.v))
        ? []
        : [openCell(c, s.v, span)]
    case 'frame':
      return openFrame(c, s.variables, span)
    case 'renew':
      return renew(c, s.v, span)
    case 'expr':
      return flatten(emitEffect(c, s.expr), span)
    case 'if':
      return [
        {
          kind: 'if',
          test: emitTest(c, s.test),
          then: emitStatements(c, s.then),
          else: emitStatements(c, s.else),
          span,
        },
      ]
    case 'loop':
      return [emitLoop(c, s)]
    case 'forOf':
      return emitForOf(c, s)
    case 'block':
      return [{ kind: 'block', label: s.label, body: emitStatements(c, s.body), span }]
    case 'break':
    case 'continue':
      return [{ kind: s.kind, label: s.label, span }]
    case 'switch':
      return [emitSwitch(c, s)]
    case 'return':
      return [
        {
          kind: 'return',
          value: s.value ? emitAs(c, s.value, resultType(c)) : coerce(undef(span), resultType(c)),
          span,
        },
      ]
    case 'throw':
      return [{ kind: 'throw', value: asThrown(c, emit(c, s.value)), span }]
    case 'try':
      return [emitTry(c, s)]
  }
}

/** Statements in an expression whose value nobody asks for stand alone. */
function flatten(expr: Expr, span: Stmt['span']): Stmt[] {
  if (expr.kind === 'const' || expr.kind === 'local') return []
  if (expr.kind !== 'seq') return [{ kind: 'expr', expr, span }]
  return [...expr.body, ...flatten(expr.value, span)]
}

export const resultType = (c: FunctionContext): Type => c.type(c.inst.fn.root().result)

function emitLet(c: FunctionContext, s: HStmt & { kind: 'let' }): Stmt[] {
  const { v } = s
  if (v.func) {
    if (!(v.scope === null ? v.checked : needsValue(c, v, v.func))) return []
    if (isCopied(v.func)) return [write(c, v, undef(s.span), true)]
    return [write(c, v, emitClosure(c, c.program.analysis.sharedInstance(c.inst, v.func), s.span), true)]
  }
  return [write(c, v, s.init ? emitAs(c, s.init, c.varType(v)) : coerce(undef(s.span), c.varType(v)), true)]
}

function emitLoop(c: FunctionContext, s: HStmt & { kind: 'loop' }): Stmt {
  const copies = s.fresh.flatMap((v) => renew(c, v, s.span))
  const test = s.test && !isTrue(s.test) ? { test: emitTest(c, s.test) } : {}
  return {
    kind: 'loop',
    label: s.label,
    ...test,
    post: s.post,
    body: emitStatements(c, s.body),
    update: [...copies, ...emitStatements(c, s.update)],
    span: s.span,
  }
}

const isTrue = (x: HExpr): boolean => x.kind === 'const' && x.value === true

/**
 * for-of over an array, a string's code points, or the indices and entries of an array: an index loop, since arrays may change
 * under it. Over anything else the walk that is written out.
 */
function emitForOf(c: FunctionContext, s: HStmt & { kind: 'forOf' }): Stmt[] {
  const method = iteratedMethod(c.inst, s.iterable)
  const { iterator } = s.walk
  const over = c.inst.slot(method ? method.obj : s.iterable)
  const typed = typedName(c, c.type(over))
  if ((isObject(over) && !typed) || isMixed(over))
    return emitStatements(c, mayClose(c, c.varType(iterator)) ? s.walk.closing : s.walk.plain)
  const raw = method
    ? required(c, emitReceiver(c, method.obj), cannotRead(method.name))
    : onlyIterable(c, emitReceiver(c, s.iterable), s.iterable)
  const source = raw.type.kind === 'string' ? op('string.chars', [raw], arrayOf(STRING), raw.span) : raw
  if (source.type.kind === 'undefined' || source.type.kind === 'null')
    return [{ kind: 'expr', expr: source, span: s.span }]
  const wanted = c.varType(s.v)
  if (isTable(source.type) && source.type.kind !== 'dict') {
    const table = { ...source, type: source.type }
    return tableLoop(c, table, method?.name ?? usualPart(source.type), wanted, s.label, (value) => [
      write(c, s.v, coerce(value, wanted), true),
      ...emitStatements(c, s.body),
    ])
  }
  if (source.type.kind !== 'array' && !typed) {
    c.report(
      'ANRF1101',
      s.iterable.span,
      `for-of over a value of type ${isBoxed(source.type) ? 'unknown kind' : source.type.kind}`,
      'Loop over an array, a string, a Map or a Set.',
      'for-of',
    )
    return []
  }
  const array = c.local('', source.type)
  const index = c.local('', F64)
  const [arrayValue, indexValue] = [c.get(array, s.span), c.get(index, s.span)]
  const value = typed
    ? typedElement(arrayValue, indexValue, typed)
    : roundValue(arrayValue, indexValue, method?.name ?? 'values', wanted)
  const length = typed ? typedLength(arrayValue) : op('array.length', [arrayValue], F64, s.span)
  return [
    setLocal(array, source),
    setLocal(index, num(0, s.span)),
    {
      kind: 'loop',
      label: s.label,
      test: op('f64.lt', [indexValue, length], BOOL, s.span),
      post: false,
      body: [write(c, s.v, coerce(value, wanted), true), ...emitStatements(c, s.body)],
      update: [setLocal(index, op('f64.add', [indexValue, num(1, s.span)], F64, s.span))],
      span: s.span,
    },
  ]
}

const isObject = (slot: Slot): boolean => (slot.root().kinds & OBJ) !== 0

/** What each round gets, entries as they fit `wanted`. A hole is undefined where the element type has a place for it and traps elsewhere. */
function roundValue(array: Expr, index: Expr, what: 'entries' | 'keys' | 'values', wanted: Type): Expr {
  if (what === 'keys' || array.type.kind !== 'array') return index
  const { elem } = array.type
  const holey = membersOf(elem).some((m) => m.kind === 'undefined')
  const value = op(holey ? 'array.get_opt' : 'array.get', [array, index], holey ? optional(elem) : elem, array.span)
  return what === 'values' ? value : makePair(index, value, wanted)
}

function emitSwitch(c: FunctionContext, s: HStmt & { kind: 'switch' }): Stmt {
  const subject = emit(c, s.subject)
  const tests = s.cases.map((k) => (k.test ? emit(c, k.test) : null))
  const all = unionOf([subject.type, ...tests.flatMap((test) => (test ? [test.type] : []))])
  const fit = (x: Expr): Expr =>
    all.kind === 'f64' || all.kind === 'string' || all.kind === 'bool' ? x : coerce(boxed(x), ANY)
  const cases = s.cases.map((k, i) => {
    const test = tests[i]
    return { ...(test ? { test: fit(test) } : {}), body: emitStatements(c, k.body) }
  })
  return { kind: 'switch', label: s.label, subject: fit(subject), cases, span: s.span }
}

function emitTry(c: FunctionContext, s: HStmt & { kind: 'try' }): Stmt {
  const body = emitStatements(c, s.body)
  const handler = s.handler ? { catch: emitHandler(c, s.handler, s) } : {}
  const finalizer = s.finalizer ? { finally: emitStatements(c, s.finalizer) } : {}
  return { kind: 'try', body, ...handler, ...finalizer, span: s.span }
}

function emitHandler(
  c: FunctionContext,
  handler: NonNullable<(HStmt & { kind: 'try' })['handler']>,
  s: HStmt,
): { local: number; body: Stmt[] } {
  const local = c.local('', ANY)
  // The parameter is declared before the body is emitted, in which closures may take it along.
  const bound = handler.param ? [bindCaught(c, handler.param, local, s)] : []
  return { local, body: [...bound, ...emitStatements(c, handler.body)] }
}

function bindCaught(c: FunctionContext, param: HVar, local: number, s: HStmt): Stmt {
  const type = c.varType(param)
  return write(c, param, fromThrown(c, c.get(local, s.span), type), true)
}
