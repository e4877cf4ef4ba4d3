import { diagnostic, lineStarts, NO_SPAN, positionAt, type Diagnostic, type Span } from '../../base/index.ts'
import { BOUNDS } from '../bounds.ts'
import {
  isForm,
  localsOf,
  type Entry,
  type Field,
  type Func,
  type Local,
  type Module,
  type ObjectDef,
  type Stmt,
} from '../module.ts'
import { eachNode } from '../walk.ts'
import { Cursor, TextFault } from './cursor.ts'
import { parseBody } from './parse-body.ts'
import { parseType } from './parse-type.ts'

/**
 * The module that a text stands for (spec: text), or ANRF2002 for each item that does not follow the
 * grammar. `path` names the text in locations. Never throws; the module is not yet checked.
 */
export function parseModule(
  text: string,
  path = 'module.ir',
): { readonly module: Module } | { readonly diagnostics: Diagnostic[] } {
  if (text.length > 4 * BOUNDS.bytes)
    return { diagnostics: [diagnostic('ANRF2002', { message: `the text is longer than ${4 * BOUNDS.bytes} units` })] }
  const faults: TextFault[] = []
  const module = new ModuleParser(new Cursor(text), faults).module()
  if (faults.length === 0) return { module }
  const lines = lineStarts(text)
  const diagnostics = faults.map((fault) => {
    const location = { path, start: positionAt(lines, fault.start), end: positionAt(lines, fault.end) }
    return diagnostic('ANRF2002', { message: fault.message, location })
  })
  return { diagnostics }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const ITEMS = [
  'file',
  'record',
  'class',
  'error',
  'regexp',
  'date',
  'typed',
  'buffer',
  'symbol',
  'global',
  'fn',
  'init',
  'entry',
] as const

/** A function whose body is still to be read, since it may name functions that come later. */
type Draft = { readonly func: Func; readonly bodyAt: number; readonly spans: readonly Span[] | undefined }

class ModuleParser {
  readonly #in: Cursor
  readonly #faults: TextFault[]
  readonly #files: Module['files'][number][] = []
  readonly #objects: ObjectDef[] = []
  readonly #globals: Local[] = []
  readonly #drafts: Draft[] = []
  readonly #entries: Entry[] = []
  #init: number | undefined

  constructor(cursor: Cursor, faults: TextFault[]) {
    this.#in = cursor
    this.#faults = faults
  }

  module(): Module {
    if (this.#try(() => this.#header())) this.#skipToItem()
    while (this.#in.token.kind !== 'end' && this.#faults.length < BOUNDS.diagnostics)
      if (this.#try(() => this.#item())) this.#skipToItem()
    if (this.#init === undefined) this.#try(() => this.#in.fail('the module has no init'))
    const outline: Module = {
      files: this.#files,
      objects: this.#objects,
      globals: this.#globals,
      funcs: this.#drafts.map((draft) => draft.func),
      init: this.#init ?? 0,
      entries: this.#entries,
    }
    // Bodies would only report names that a broken item was to declare.
    if (this.#faults.length > 0) return outline
    return { ...outline, funcs: this.#drafts.map((draft) => this.#finish(outline, draft)) }
  }

  /** Whether reading failed; the fault is noted. */
  #try(read: () => void): boolean {
    try {
      read()
      return false
    } catch (error) {
      if (!(error instanceof TextFault)) throw error
      this.#faults.push(error)
      return true
    }
  }

  /** After a fault, reading goes on where a line begins with an item. */
  #skipToItem(): void {
    while (this.#in.token.kind !== 'end' && !(this.#in.token.isFirst && ITEMS.some((word) => this.#in.is(word))))
      this.#in.next()
  }

  #header(): void {
    this.#in.need('anrf')
    this.#in.need('ir')
    const { token } = this.#in
    if (this.#in.uint() !== 1) this.#in.fail('this build reads version 1 of the text form', token)
  }

  #item(): void {
    const token = this.#in.next()
    const word = ITEMS.find((item) => token.kind === 'word' && item === token.text)
    switch (word) {
      case 'file':
        this.#number(this.#files.length)
        this.#files.push({ path: this.#in.name(), lines: this.#in.list('[', ']', () => this.#in.uint()) })
        return
      case 'record':
      case 'class':
      case 'error':
      case 'regexp':
      case 'date':
      case 'typed':
      case 'buffer':
      case 'symbol':
        this.#number(this.#objects.length)
        this.#objects.push(this.#object(word))
        return
      case 'global':
        this.#number(this.#globals.length)
        this.#globals.push(this.#declared(this.#in.name()))
        return
      case 'fn':
        return this.#fn()
      case 'init':
        this.#init = this.#in.ref('function', () => undefined)
        return
      case 'entry':
        return this.#entry()
      case undefined:
        return this.#in.fail(`${token.text} begins no item`, token)
    }
  }

  #number(expected: number): void {
    const { token } = this.#in
    if (this.#in.uint() !== expected) this.#in.fail(`this is number ${expected}`, token)
  }

  #declared(name: string): Local {
    this.#in.need(':')
    return { name, type: parseType(this.#in) }
  }

  #object(role: ObjectDef['role']): ObjectDef {
    const name = this.#in.name()
    const tag = this.#in.take('tag') ? { tag: this.#in.name() } : {}
    return { role, name, ...tag, fields: this.#in.list('{', '}', () => this.#field()) }
  }

  #field(): Field {
    const name = this.#in.name()
    const [optional, hidden] = [this.#in.take('?'), this.#in.take('!')]
    return { ...this.#declared(name), ...(optional && { optional }), ...(hidden && { hidden }) }
  }

  #entry(): void {
    const name = this.#in.name()
    const func = this.#in.ref('function', () => undefined)
    const params = this.#in.list('(', ')', () => {
      const param = this.#in.name()
      const optional = this.#in.take('?')
      return { ...this.#declared(param), optional }
    })
    this.#in.need('->')
    this.#entries.push({ name, func, params, result: parseType(this.#in) })
  }

  #fn(): void {
    const head = this.#in.kind('ref', 'a function as name#number')
    if (head.value !== this.#drafts.length) this.#in.fail(`this is function ${this.#drafts.length}`, head)
    let count = 0
    const local = (): Local => {
      const token = this.#in.kind('ref', 'a local as name#number')
      if (token.value !== count++) this.#in.fail(`this is local ${count - 1}`, token)
      return this.#declared(token.name ?? '')
    }
    const form = this.#form()
    const params = this.#in.list('(', ')', local)
    const captures = this.#in.is('[') ? this.#in.list('[', ']', local) : []
    this.#in.need('->')
    const result = parseType(this.#in)
    const locals: Local[] = []
    this.#in.need('{')
    while (this.#in.take('var')) locals.push(local())
    const bodyAt = this.#in.at
    this.#skipBody()
    const spans = this.#in.take('spans') ? this.#spans() : undefined
    const name = head.name ?? ''
    const func: Func = {
      name,
      ...(form !== undefined && { form }),
      params,
      captures,
      locals,
      result,
      body: [],
      span: spans?.[0] ?? NO_SPAN,
    }
    this.#drafts.push({ func, bodyAt, spans })
  }

  #form(): string | undefined {
    if (!this.#in.take('is')) return undefined
    const { token } = this.#in
    const form = this.#in.name()
    if (!isForm(form)) this.#in.fail(`${form} is no form of functions`, token)
    return form
  }

  #skipBody(): void {
    for (let open = 1; open > 0;) {
      if (this.#in.token.kind === 'end') this.#in.fail('the function does not end')
      if (this.#in.is('{')) open++
      else if (this.#in.is('}')) open--
      this.#in.next()
    }
  }

  #spans(): Span[] {
    const spans: Span[] = []
    let file = -1
    this.#in.need('[')
    while (!this.#in.take(']')) {
      if (this.#in.take('-')) {
        spans.push(NO_SPAN)
        continue
      }
      const isNowhere = this.#in.token.text === '-1'
      let start = isNowhere ? -1 : this.#in.uint()
      if (isNowhere) this.#in.next()
      if (isNowhere || this.#in.is(':')) {
        this.#in.need(':')
        file = start
        start = this.#in.uint()
      }
      this.#in.need('+')
      spans.push({ file, start, end: start + this.#in.uint() })
    }
    return spans
  }

  #finish(module: Module, { func, bodyAt, spans }: Draft): Func {
    let body: Stmt[] = []
    if (this.#faults.length >= BOUNDS.diagnostics) return func
    this.#in.at = bodyAt
    this.#try(() => {
      body = parseBody(this.#in, { module, locals: localsOf(func) })
      if (!spans) return
      const nodes = [...eachNode(body)]
      if (nodes.length + 1 !== spans.length)
        this.#in.fail(`${func.name} has ${spans.length} spans for ${nodes.length + 1} places`)
      // The parser made these nodes just now, nobody else holds them.
      for (const [i, node] of nodes.entries()) (node as Mutable<typeof node>).span = spans[i + 1]!
    })
    return { ...func, body }
  }
}
