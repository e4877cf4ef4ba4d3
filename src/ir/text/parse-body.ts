import { NO_SPAN } from '../../base/index.ts'
import { BOUNDS } from '../bounds.ts'
import { deriveType, type Scope } from '../check/derive.ts'
import { isFault } from '../check/rules.ts'
import type { Constant, Expr, Immediate, Stmt } from '../module.ts'
import { isOpName, opRow } from '../ops.ts'
import type { ImmediateKind } from '../ops/row.ts'
import { I32, type Type } from '../types.ts'
import type { Cursor } from './cursor.ts'
import type { Token } from './lex.ts'
import { parseType } from './parse-type.ts'

/** Reads statements up to the `}` that ends them, which it takes. Every span is {@link NO_SPAN}. */
export function parseBody(cursor: Cursor, scope: Scope): Stmt[] {
  return new BodyParser(cursor, scope).stmts()
}

type Untyped<E> = E extends unknown ? Omit<E, 'type'> : never

const CONSTANTS: ReadonlyMap<string, Constant> = new Map<string, Constant>([
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', Infinity],
])

const span = NO_SPAN

class BodyParser {
  readonly #in: Cursor
  readonly #scope: Scope
  #depth = 0

  constructor(cursor: Cursor, scope: Scope) {
    this.#in = cursor
    this.#scope = scope
  }

  stmts(): Stmt[] {
    const stmts: Stmt[] = []
    while (!this.#in.take('}')) stmts.push(this.#nested(() => this.#stmt()))
    return stmts
  }

  #block(): Stmt[] {
    this.#in.need('{')
    return this.stmts()
  }

  /** Annotations and parentheses count as well, so the bound is twice that of the checker. */
  #nested<T>(read: () => T): T {
    if (++this.#depth > 2 * BOUNDS.depth) this.#in.fail(`the text nests deeper than ${2 * BOUNDS.depth}`)
    const value = read()
    this.#depth--
    return value
  }

  #stmt(): Stmt {
    if (this.#in.token.kind === 'ref') {
      const local = this.#local()
      this.#in.need('=')
      return { kind: 'set', local, value: this.#expr(), span }
    }
    const token = this.#in.kind('word', 'a statement')
    switch (token.text) {
      case 'do':
        return { kind: 'expr', expr: this.#expr(), span }
      case 'return':
      case 'throw':
        return { kind: token.text, value: this.#expr(), span }
      case 'break':
      case 'continue':
        return { kind: token.text, label: this.#in.label(), span }
      case 'if':
        return { kind: 'if', test: this.#expr(), then: this.#block(), else: this.#maybe('else'), span }
      case 'block':
        return { kind: 'block', label: this.#in.label(), body: this.#block(), span }
      case 'loop':
        return this.#loop()
      case 'switch':
        return this.#switch()
      case 'try':
        return this.#try()
      default:
        return this.#in.fail(`${token.text} begins no statement`, token)
    }
  }

  #maybe(word: string): Stmt[] {
    return this.#in.take(word) ? this.#block() : []
  }

  #loop(): Stmt {
    const label = this.#in.label()
    const post = this.#in.take('post')
    const test = this.#in.take('while') ? { test: this.#expr() } : {}
    return { kind: 'loop', label, ...test, post, body: this.#block(), update: this.#maybe('update'), span }
  }

  #switch(): Stmt {
    const label = this.#in.label()
    const subject = this.#expr()
    const cases: { test?: Expr; body: Stmt[] }[] = []
    this.#in.need('{')
    while (!this.#in.take('}')) {
      if (this.#in.take('default')) cases.push({ body: this.#block() })
      else {
        this.#in.need('case')
        cases.push({ test: this.#expr(), body: this.#block() })
      }
    }
    return { kind: 'switch', label, subject, cases, span }
  }

  #try(): Stmt {
    const body = this.#block()
    const caught = this.#in.take('catch') ? { catch: { local: this.#local(), body: this.#block() } } : {}
    const last = this.#in.take('finally') ? { finally: this.#block() } : {}
    return { kind: 'try', body, ...caught, ...last, span }
  }

  #local(): number {
    return this.#in.ref('local', (i) => this.#scope.locals[i]?.name)
  }

  #expr(): Expr {
    const { token } = this.#in
    return this.#typed(
      this.#nested(() => this.#bare()),
      token,
    )
  }

  /** Adds the type that follows from the parts, unless it was written. */
  #typed(bare: Untyped<Expr> | Expr, at: Token): Expr {
    if ('type' in bare) return bare
    const type = deriveType(this.#scope, bare)
    if (isFault(type)) return this.#in.fail(`no type follows here: ${type.rule}: ${type.message}`, at)
    return { ...bare, type }
  }

  #bare(): Untyped<Expr> | Expr {
    const { token } = this.#in
    if (token.kind === 'ref') return { kind: 'local', local: this.#local(), span }
    this.#in.next()
    if (token.kind === 'string') return { kind: 'const', value: token.name!, span }
    if (token.kind === 'number') return this.#number(token)
    if (token.kind === 'mark' && token.text === '(') return this.#parenthesis()
    if (token.kind !== 'word') return this.#in.fail('expected an expression', token)
    if (CONSTANTS.has(token.text)) return { kind: 'const', value: CONSTANTS.get(token.text), span }
    switch (token.text) {
      case 'call': {
        const func = this.#in.ref('function', (i) => this.#scope.module.funcs[i]?.name)
        return { kind: 'call', func, args: this.#args(), span }
      }
      case 'invoke':
        return { kind: 'invoke', callee: this.#expr(), args: this.#args(), span }
      case 'seq':
        return { kind: 'seq', body: this.#block(), value: this.#expr(), span }
      default: {
        if (!isOpName(token.text)) return this.#in.fail(`${token.text} is no operation`, token)
        return { kind: 'op', op: token.text, imm: this.#immediates(token.text), args: this.#args(), span }
      }
    }
  }

  #number(token: Token): Untyped<Expr> | Expr {
    const { value } = token
    if (!token.text.endsWith('i')) return { kind: 'const', value, span }
    if (!Object.is(value | 0, value)) this.#in.fail('this is no integer of 32 bits', token)
    return { kind: 'const', value, type: I32, span }
  }

  /** `(test ? then : else)` or `(expression : type)`. */
  #parenthesis(): Untyped<Expr> | Expr {
    const { token } = this.#in
    const first = this.#nested(() => this.#bare())
    if (this.#in.take('?')) {
      const [test, then] = [this.#typed(first, token), this.#expr()]
      this.#in.need(':')
      const otherwise = this.#expr()
      this.#in.need(')')
      return { kind: 'cond', test, then, else: otherwise, span }
    }
    this.#in.need(':')
    const type = parseType(this.#in)
    this.#in.need(')')
    return { ...first, type }
  }

  #args(): Expr[] {
    return this.#in.list('(', ')', () => this.#expr())
  }

  #immediates(op: Parameters<typeof opRow>[0]): Immediate[] {
    const kinds = opRow(op).imm ?? []
    if (kinds.length === 0) return []
    let object: number | undefined
    this.#in.need('[')
    const imm = kinds.map((kind, i) => {
      if (i > 0) this.#in.need(',')
      const value = this.#immediate(kind, object)
      if (kind === 'object') object = value as number
      return value
    })
    this.#in.need(']')
    return imm
  }

  #immediate(kind: ImmediateKind, object: number | undefined): Immediate {
    const { objects, funcs, globals } = this.#scope.module
    const fieldRef = (): number => this.#in.ref('field', (i) => objects[object ?? -1]?.fields[i]?.name)
    switch (kind) {
      case 'object':
        return this.#in.ref('object', (i) => objects[i]?.name)
      case 'field':
        return fieldRef()
      case 'fields':
        return this.#in.list('{', '}', fieldRef)
      case 'func':
        return this.#in.ref('function', (i) => funcs[i]?.name)
      case 'global':
        return this.#in.ref('global', (i) => globals[i]?.name)
      case 'index':
        return this.#in.uint()
      case 'name':
        return this.#in.kind('string', 'a string').name!
      case 'type':
        return parseType(this.#in) satisfies Type
    }
  }
}
