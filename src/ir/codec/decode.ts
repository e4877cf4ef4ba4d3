import { diagnostic, NO_SPAN, type Diagnostic, type SourceFile, type Span } from '../../base/index.ts'
import { BOUNDS } from '../bounds.ts'
import {
  isForm,
  type Entry,
  type Expr,
  type Field,
  type Func,
  type Immediate,
  type Local,
  type Module,
  type ObjectDef,
  type Stmt,
} from '../module.ts'
import { opRow } from '../ops.ts'
import type { ImmediateKind } from '../ops/row.ts'
import type { Type } from '../types.ts'
import { encodeModule } from './encode.ts'
import { ByteReader, Malformed } from './reader.ts'
import { EXPR_KINDS, MAGIC, OBJECT_KINDS, OP_BY_CODE, STMT_KINDS, TYPE_KINDS, VERSION } from './tags.ts'

/**
 * The module that {@link encodeModule} made `bytes` of, or ANRF2001 when there is none. Bytes are accepted only
 * when they are what the encoder writes, so a module has exactly one binary form. Never throws; the
 * module is well formed, but not yet checked.
 */
export function decodeModule(bytes: Uint8Array): { readonly module: Module } | { readonly diagnostics: Diagnostic[] } {
  try {
    if (bytes.length > BOUNDS.bytes) throw new Malformed(`the module is larger than ${BOUNDS.bytes} bytes`, 0)
    const module = new ModuleReader(bytes).module()
    const offset = firstDifference(encodeModule(module), bytes)
    if (offset >= 0) throw new Malformed('the encoding is not the canonical one', offset)
    return { module }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return { diagnostics: [diagnostic('ANRF2001', { message: `${error.message} (at byte ${error.offset})` })] }
  }
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length)
  return a.findIndex((byte, i) => byte !== b[i])
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

class ModuleReader {
  readonly #in: ByteReader
  #strings: readonly string[] = []
  readonly #types: Type[] = []
  readonly #measures: Measure[] = []
  #file = -1
  #start = 0
  #depth = 0
  #formed = false

  constructor(bytes: Uint8Array) {
    this.#in = new ByteReader(bytes)
  }

  module(): Module {
    for (const byte of MAGIC) if (this.#in.byte() !== byte) this.#in.fail('these bytes are not an IR module')
    const version = this.#in.byte()
    this.#formed = version === VERSION.formed
    if (!this.#formed && version !== VERSION.plain)
      this.#in.fail('the module has a version that this build does not read')
    this.#strings = this.#in.list(() => this.#newText())
    this.#in.list(() => this.#newType())
    const module: Module = {
      files: this.#in.list(() => this.#sourceFile()),
      objects: this.#in.list(() => this.#object()),
      globals: this.#in.list(() => this.#local()),
      funcs: this.#in.list(() => this.#func()),
      init: this.#in.uint(),
      entries: this.#in.list(() => this.#entry()),
    }
    if (this.#in.left > 0) this.#in.fail('bytes follow the end of the module')
    return module
  }

  #newText(): string {
    const header = this.#in.uint()
    const count = Math.floor(header / 2)
    if (header % 2 === 1) {
      const bytes = this.#in.bytes(2 * count)
      let text = ''
      for (let i = 0; i < bytes.length; i += 2) text += String.fromCharCode(bytes[i]! + 256 * bytes[i + 1]!)
      return text
    }
    try {
      return UTF8.decode(this.#in.bytes(count))
    } catch (error) {
      if (error instanceof Malformed) throw error
      return this.#in.fail('a string is not UTF-8')
    }
  }

  #newType(): void {
    const measure = { nodes: 1, depth: 1 }
    const part = (): Type => {
      const number = this.#in.uint()
      const type = this.#types[number] ?? this.#in.fail('a type refers to one that is not before it')
      measure.nodes += this.#measures[number]!.nodes
      measure.depth = Math.max(measure.depth, this.#measures[number]!.depth + 1)
      if (measure.nodes > BOUNDS.typeNodes || measure.depth > BOUNDS.typeDepth) this.#in.fail('a type is too large')
      return type
    }
    this.#types.push(this.#typeOf(part))
    this.#measures.push(measure)
  }

  #typeOf(part: () => Type): Type {
    const kind = this.#in.oneOf(TYPE_KINDS, 'kind of type')
    switch (kind) {
      case 'array':
        return { kind, elem: part() }
      case 'cell':
        return { kind, of: part() }
      case 'map':
        return { kind, key: part(), value: part() }
      case 'set':
        return { kind, elem: part() }
      case 'dict':
        return { kind, value: part() }
      case 'tuple':
        return { kind, elems: this.#in.list(part) }
      case 'union':
      case 'nested':
        return { kind, members: this.#in.list(part) }
      case 'object':
        return { kind, id: this.#in.uint() }
      case 'func':
        return { kind, params: this.#in.list(part), result: part() }
      default:
        return { kind }
    }
  }

  #sourceFile(): SourceFile {
    const path = this.#text()
    let last = 0
    return { path, lines: this.#in.list(() => (last = Math.min(last + this.#in.uint(), 2 ** 32))) }
  }

  #object(): ObjectDef {
    const kind = this.#in.oneOf(OBJECT_KINDS, 'role')
    const name = this.#text()
    const role = kind === 'tagged' ? ({ role: 'class', tag: this.#text() } as const) : { role: kind }
    return { ...role, name, fields: this.#in.list(() => this.#field()) }
  }

  #field(): Field {
    const local = this.#local()
    const flags = this.#flags(3)
    return { ...local, ...(flags & 1 && { optional: true }), ...(flags & 2 && { hidden: true }) }
  }

  #entry(): Entry {
    return {
      name: this.#text(),
      func: this.#in.uint(),
      params: this.#in.list(() => ({ ...this.#local(), optional: this.#flags(1) === 1 })),
      result: this.#type(),
    }
  }

  #func(): Func {
    const name = this.#text()
    const form = this.#form()
    const [params, captures, locals] = [this.#locals(), this.#locals(), this.#locals()]
    const result = this.#type()
    this.#file = -1
    this.#start = 0
    const span = this.#span()
    return { name, ...(form !== '' && { form }), params, captures, locals, result, body: this.#stmts(), span }
  }

  #form(): string {
    const form = this.#formed ? this.#text() : ''
    if (form !== '' && !isForm(form)) this.#in.fail('a function has no such form')
    return form
  }

  #locals(): Local[] {
    return this.#in.list(() => this.#local())
  }

  #local(): Local {
    return { name: this.#text(), type: this.#type() }
  }

  #text(): string {
    return this.#strings[this.#in.uint()] ?? this.#in.fail('there is no string of this number')
  }

  #type(): Type {
    return this.#types[this.#in.uint()] ?? this.#in.fail('there is no type of this number')
  }

  #flags(most: number): number {
    const flags = this.#in.byte()
    return flags <= most ? flags : this.#in.fail('unknown flags')
  }

  #span(): Span {
    const code = this.#in.uint()
    if (code === 0) return NO_SPAN
    if (code === 1) {
      this.#file = this.#in.uint() - 1
      this.#start = this.#in.uint()
    } else {
      const way = code - 2
      this.#start += way % 2 === 0 ? way / 2 : -(way + 1) / 2
    }
    const end = this.#start + this.#in.uint()
    if (this.#start < 0 || end > 2 ** 32) this.#in.fail('a span is out of range')
    return { file: this.#file, start: this.#start, end }
  }

  /** Called before something nested is read; the bound keeps the host's stack safe. */
  #enter(): void {
    if (++this.#depth > BOUNDS.depth) this.#in.fail(`expressions or statements nest deeper than ${BOUNDS.depth}`)
  }

  #exprs(): Expr[] {
    return this.#in.list(() => this.#expr())
  }

  #expr(): Expr {
    this.#enter()
    const expr = this.#flatExpr()
    this.#depth--
    return expr
  }

  #flatExpr(): Expr {
    const kind = this.#in.oneOf(EXPR_KINDS, 'kind of expression')
    const rest = { type: this.#type(), span: this.#span() }
    switch (kind) {
      case 'undefined':
        return { kind: 'const', value: undefined, ...rest }
      case 'null':
        return { kind: 'const', value: null, ...rest }
      case 'false':
      case 'true':
        return { kind: 'const', value: kind === 'true', ...rest }
      case 'int':
        return { kind: 'const', value: this.#in.int(), ...rest }
      case 'float':
        return { kind: 'const', value: this.#in.float(), ...rest }
      case 'string':
        return { kind: 'const', value: this.#text(), ...rest }
      case 'local':
        return { kind, local: this.#in.uint(), ...rest }
      case 'op': {
        const op = OP_BY_CODE.get(this.#in.uint()) ?? this.#in.fail('unknown operation')
        const imm = (opRow(op).imm ?? []).map((of) => this.#immediate(of))
        return { kind, op, imm, args: this.#exprs(), ...rest }
      }
      case 'call':
        return { kind, func: this.#in.uint(), args: this.#exprs(), ...rest }
      case 'invoke':
        return { kind, callee: this.#expr(), args: this.#exprs(), ...rest }
      case 'cond':
        return { kind, test: this.#expr(), then: this.#expr(), else: this.#expr(), ...rest }
      case 'seq':
        return { kind, body: this.#stmts(), value: this.#expr(), ...rest }
    }
  }

  #immediate(kind: ImmediateKind): Immediate {
    if (kind === 'name') return this.#text()
    if (kind === 'type') return this.#type()
    return kind === 'fields' ? this.#in.list(() => this.#in.uint()) : this.#in.uint()
  }

  #stmts(): Stmt[] {
    return this.#in.list(() => {
      this.#enter()
      const stmt = this.#stmt()
      this.#depth--
      return stmt
    })
  }

  #stmt(): Stmt {
    const kind = this.#in.oneOf(STMT_KINDS, 'kind of statement')
    const span = this.#span()
    switch (kind) {
      case 'expr':
        return { kind, expr: this.#expr(), span }
      case 'set':
        return { kind, local: this.#in.uint(), value: this.#expr(), span }
      case 'if':
        return { kind, test: this.#expr(), then: this.#stmts(), else: this.#stmts(), span }
      case 'block':
        return { kind, label: this.#in.uint(), body: this.#stmts(), span }
      case 'loop':
        return this.#loop(span)
      case 'switch':
        return { kind, label: this.#in.uint(), subject: this.#expr(), cases: this.#in.list(() => this.#case()), span }
      case 'break':
      case 'continue':
        return { kind, label: this.#in.uint(), span }
      case 'return':
      case 'throw':
        return { kind, value: this.#expr(), span }
      case 'try': {
        const flags = this.#flags(3)
        const body = this.#stmts()
        const caught = flags & 1 ? { catch: { local: this.#in.uint(), body: this.#stmts() } } : {}
        return { kind, body, ...caught, ...(flags & 2 ? { finally: this.#stmts() } : {}), span }
      }
    }
  }

  #loop(span: Span): Stmt {
    const label = this.#in.uint()
    const flags = this.#flags(3)
    const test = flags & 1 ? { test: this.#expr() } : {}
    return { kind: 'loop', label, ...test, post: (flags & 2) !== 0, body: this.#stmts(), update: this.#stmts(), span }
  }

  #case(): { readonly test?: Expr; readonly body: readonly Stmt[] } {
    const test = this.#flags(1) === 1 ? { test: this.#expr() } : {}
    return { ...test, body: this.#stmts() }
  }
}

/** Size of a type as a tree, and how deep it is. */
type Measure = { readonly nodes: number; readonly depth: number }
