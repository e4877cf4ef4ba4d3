import { isPrivateName, shownName, VALUE } from './member-names.ts'
import type { BinaryOp, HElem, HExpr } from './hir.ts'
import { REGEXP_LITERAL } from './library/patterns.ts'

/** How Node names an expression of which it has no text. */
export const INTERMEDIATE = '(intermediate value)'

/** How Node names an expression in the message of a TypeError. */
export function textOf(x: HExpr): string {
  switch (x.kind) {
    case 'narrow':
      return x.chained ? `${textOf(x.x)}?` : textOf(x.x)
    case 'require':
      return textOf(x.x)
    case 'const':
      return typeof x.value === 'string' ? `"${x.value}"` : String(x.value)
    case 'var':
      return x.v.text ?? x.v.name
    case 'assign':
    case 'set':
    case 'setIndex':
      return assignedText(x)
    case 'seq':
      return x.text ?? (x.body.length === 0 ? textOf(x.value) : INTERMEDIATE)
    case 'get':
      return x.text ?? memberText(x)
    case 'index':
      return x.key.kind === 'const' && typeof x.key.value === 'string'
        ? `${textOf(x.obj)}.${x.key.value}`
        : `${textOf(x.obj).replace(/\?$/, '?.')}[${textOf(x.key)}]`
    case 'binary':
      return foldedText(x) ?? `(${textOf(x.a)} ${x.op} ${textOf(x.b)})`
    case 'logical':
      return `(${textOf(x.a)} ${x.op} ${textOf(x.b)})`
    case 'cond':
      if (x.chain) return INTERMEDIATE
      // A chain, or a conditional.
      return INTERMEDIATE.repeat(x.test.kind === 'isMissing' ? 1 : 3)
    case 'call':
    case 'method':
      return `${calleeText(x)}(...)`
    case 'array':
      return `[${x.elems.map(textOfElement).join(',')}]`
    case 'object':
      return `{${INTERMEDIATE.repeat(x.props.length)}}`
    case 'builtin':
      if (x.name === REGEXP_LITERAL) return patternText(x)
      if (x.name.startsWith('@@') && x.args[0]) return textOf(x.args[0].value)
      return CALLED.test(x.name) ? `${x.name}(...)` : INTERMEDIATE
    case 'unary':
      if (x.op === '-' && x.x.kind === 'const' && typeof x.x.value === 'number') return String(-x.x.value)
      return /^[a-z]/.test(x.op) ? `(${x.op} ${textOf(x.x)})` : `(${x.op}${textOf(x.x)})`
    default:
      return INTERMEDIATE
  }
}

/** What is assigned to, which stands for the assignment, or `++` before it. */
function assignedText(x: HExpr & { kind: 'assign' | 'set' | 'setIndex' }): string {
  const name =
    x.kind === 'assign'
      ? (x.v.text ?? x.v.name)
      : x.kind === 'set'
        ? memberText(x)
        : `${textOf(x.obj)}[${textOf(x.key)}]`
  const { value } = x
  return value.kind === 'unary' && (value.op === '++' || value.op === '--') ? `(${value.op}${name})` : name
}

/** Operators that V8 computes as it parses, where both sides are numbers. */
const FOLDED: Partial<Record<BinaryOp, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': (a, b) => a ** b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
}

function foldedText({ op, a, b }: HExpr & { kind: 'binary' }): string | undefined {
  const fold = FOLDED[op]
  const [left, right] = [a, b].map((x) => (x.kind === 'const' && typeof x.value === 'number' ? x.value : undefined))
  return fold && left !== undefined && right !== undefined ? String(fold(left, right)) : undefined
}

/** A regular expression as it is written. */
function patternText({ args }: HExpr & { kind: 'builtin' }): string {
  const [source, flags] = args.map(({ value }) => (value.kind === 'const' ? String(value.value) : ''))
  return `/${source}/${flags}`
}

/** Names of functions of the library, which are written as programs call them; what is made by `new` is none. */
const CALLED = /^[A-Za-z]+(\.[A-Za-z]+)*$/

/** What Node says of a call of what is no function, or of `new` of what is no constructor. */
export const notCallable = (x: HExpr & { kind: 'call' | 'method' }): string =>
  x.kind === 'call' && x.constructs
    ? `${calleeText(x)} is not a constructor`
    : `${calleeText(x)} is not a function${x.walked ? ' or its return value is not iterable' : ''}`

/** How Node names what is called. */
const calleeText = (x: HExpr & { kind: 'call' | 'method' }): string =>
  x.kind === 'call' ? textOf(x.callee).replace(/\?$/, '') : memberText(x)

function memberText(x: HExpr & { kind: 'get' | 'method' | 'set' }): string {
  const { obj, name } = x
  if (x.kind !== 'set' && x.key !== undefined) return `${textOf(obj)}[${x.key}]`
  return isPrivateName(name) || isIndex(name) ? `${textOf(obj)}[${shownName(name)}]` : `${textOf(obj)}.${name}`
}

const isIndex = (name: string): boolean => /^(?:0|[1-9]\d*)$/.test(name)

function textOfElement(element: HElem): string {
  if (element.kind === 'hole') return ''
  return element.kind === 'spread' ? `(...${textOf(element.value)})` : textOf(element.value)
}

/** The message of iterating over a value that has no text. */
export const VALUE_NOT_ITERABLE = `${VALUE} is not iterable (cannot read property Symbol(Symbol.iterator))`

/** The message of iterating over what is no iterable; `isSpread`: in the literal of a list. */
export function notIterable(x: HExpr, isSpread = false): string {
  if (x.kind === 'narrow' || x.kind === 'require') return notIterable(x.x, isSpread)
  if (x.kind === 'builtin' && x.name.startsWith('@@') && x.name !== REGEXP_LITERAL && x.args[0])
    return notIterable(x.args[0].value, isSpread)
  if (x.kind === 'const') return `${String(x.value)} is not iterable`
  if (isOneOfSeveral(x) && !isSpread) return VALUE_NOT_ITERABLE
  if (x.kind === 'call' || x.kind === 'method') return notFunctionNorIterable(calleeText(x))
  if (isNew(x)) return notFunctionNorIterable(x.kind === 'new' ? x.cls.name : x.name.slice('new '.length))
  return `${textOf(x)} is not iterable`
}

const notFunctionNorIterable = (callee: string): string =>
  `${callee} is not a function or its return value is not iterable`

/** Whether it is a new object, of a class of the program or of the library. */
export const isNew = (x: HExpr): x is HExpr & { kind: 'new' | 'builtin' } =>
  x.kind === 'new' || (x.kind === 'builtin' && x.name.startsWith('new '))

/** The message of `for await` over what is no iterable. */
export function notAsyncIterable(x: HExpr): string {
  if (x.kind === 'narrow' || x.kind === 'require') return notAsyncIterable(x.x)
  if (isOneOfSeveral(x) || x.kind === 'logical') return 'undefined is not a function'
  const called = x.kind === 'call' || x.kind === 'method' || isNew(x) ? 'is not a function or its return value ' : ''
  return `${textOf(x)} ${called}is not async iterable`
}

/** Whether a value comes from one of several expressions, as in an optional chain, which may keep what it begins with. */
const isOneOfSeveral = (x: HExpr): boolean =>
  x.kind === 'cond' || (x.kind === 'seq' && x.value.kind === 'cond' && x.value.chain === true)
