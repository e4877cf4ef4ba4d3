import type { Span } from '../../base/index.ts'
import type { Constant, Entry, Expr, Func, Immediate, Local, Module, ObjectDef, Stmt } from '../module.ts'
import { opRow } from '../ops.ts'
import type { ImmediateKind } from '../ops/row.ts'
import type { Type } from '../types.ts'
import { assertNever } from '../walk.ts'
import { EXPR_KINDS, MAGIC, OBJECT_KINDS, STMT_KINDS, TYPE_KINDS, VERSION } from './tags.ts'
import { ByteWriter } from './writer.ts'

/**
 * The binary form of a module: equal modules have equal bytes (spec: encoding). The module is one
 * that `checkModule` accepts; for others the result is undefined or an exception.
 */
export function encodeModule(module: Module): Uint8Array<ArrayBuffer> {
  const formed = module.funcs.some(({ form }) => form !== undefined)
  const body = new BodyWriter(formed)
  body.module(module)
  const out = new ByteWriter()
  for (const byte of [...MAGIC, formed ? VERSION.formed : VERSION.plain]) out.byte(byte)
  out.uint(body.strings.size)
  for (const text of body.strings.keys()) writeText(out, text)
  out.uint(body.types.size)
  for (const write of body.types.values()) write(out)
  out.bytes(body.out.finish())
  return out.finish()
}

const UTF8 = new TextEncoder()

/** UTF-8 where the string is well formed, else its UTF-16 code units; the lowest bit of the length says which. */
function writeText(out: ByteWriter, text: string): void {
  if (text.isWellFormed()) {
    const bytes = UTF8.encode(text)
    out.uint(2 * bytes.length)
    out.bytes(bytes)
    return
  }
  out.uint(2 * text.length + 1)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    out.byte(unit & 255)
    out.byte(unit >> 8)
  }
}

/** Writes the body and collects, in the order of first use, the strings and types that it refers to. */
class BodyWriter {
  readonly out = new ByteWriter()
  /** Text to its number. */
  readonly strings = new Map<string, number>()
  /** Identity of a type, made of the numbers of its parts, to the function that writes its entry. */
  readonly types = new Map<string, (out: ByteWriter) => void>()
  readonly #typeNumbers = new Map<string, number>()
  readonly #typesSeen = new Map<Type, number>()
  #file = -1
  #start = 0
  readonly #formed: boolean

  /** `formed`: functions are written with their forms. */
  constructor(formed: boolean) {
    this.#formed = formed
  }

  module(module: Module): void {
    this.#list(module.files, (file) => {
      this.#text(file.path)
      let last = 0
      this.#list(file.lines, (line) => {
        this.out.uint(line - last)
        last = line
      })
    })
    this.#list(module.objects, (def) => this.#object(def))
    this.#list(module.globals, (global) => this.#local(global))
    this.#list(module.funcs, (func) => this.#func(func))
    this.out.uint(module.init)
    this.#list(module.entries, (entry) => this.#entry(entry))
  }

  #object(def: ObjectDef): void {
    this.out.byte(OBJECT_KINDS.indexOf(def.tag === undefined ? def.role : 'tagged'))
    this.#text(def.name)
    if (def.tag !== undefined) this.#text(def.tag)
    this.#list(def.fields, (field) => {
      this.#local(field)
      this.out.byte((field.optional ? 1 : 0) + (field.hidden ? 2 : 0))
    })
  }

  #entry(entry: Entry): void {
    this.#text(entry.name)
    this.out.uint(entry.func)
    this.#list(entry.params, (param) => {
      this.#local(param)
      this.out.byte(param.optional ? 1 : 0)
    })
    this.#type(entry.result)
  }

  #func(func: Func): void {
    this.#text(func.name)
    if (this.#formed) this.#text(func.form ?? '')
    for (const group of [func.params, func.captures, func.locals]) this.#list(group, (local) => this.#local(local))
    this.#type(func.result)
    this.#file = -1
    this.#start = 0
    this.#span(func.span)
    this.#stmts(func.body)
  }

  #local(local: Local): void {
    this.#text(local.name)
    this.#type(local.type)
  }

  #list<T>(items: readonly T[], write: (item: T) => void): void {
    this.out.uint(items.length)
    for (const item of items) write(item)
  }

  #text(text: string): void {
    const number = this.strings.get(text) ?? this.strings.size
    if (number === this.strings.size) this.strings.set(text, number)
    this.out.uint(number)
  }

  #type(type: Type): void {
    this.out.uint(this.#numberOf(type))
  }

  #numberOf(type: Type): number {
    const seen = this.#typesSeen.get(type)
    if (seen !== undefined) return seen
    const parts = this.#partsOf(type)
    const key = `${type.kind} ${parts.join(' ')}`
    const number = this.#typeNumbers.get(key) ?? this.types.size
    if (number === this.types.size) {
      this.#typeNumbers.set(key, number)
      this.types.set(key, (out) => {
        out.byte(TYPE_KINDS.indexOf(type.kind))
        for (const part of parts) out.uint(part)
      })
    }
    this.#typesSeen.set(type, number)
    return number
  }

  #partsOf(type: Type): number[] {
    const list = (types: readonly Type[]): number[] => [types.length, ...types.map((t) => this.#numberOf(t))]
    switch (type.kind) {
      case 'array':
        return [this.#numberOf(type.elem)]
      case 'cell':
        return [this.#numberOf(type.of)]
      case 'map':
        return [this.#numberOf(type.key), this.#numberOf(type.value)]
      case 'set':
        return [this.#numberOf(type.elem)]
      case 'dict':
        return [this.#numberOf(type.value)]
      case 'tuple':
        return list(type.elems)
      case 'union':
      case 'nested':
        return list(type.members)
      case 'object':
        return [type.id]
      case 'func':
        return [...list(type.params), this.#numberOf(type.result)]
      default:
        return []
    }
  }

  /** 0: no span. 1: file, start and length follow. Else the file is the last one and this is the way from the last start. */
  #span(span: Span): void {
    if (span.file === -1 && span.start === 0 && span.end === 0) return this.out.uint(0)
    if (span.file === this.#file) {
      const way = span.start - this.#start
      this.out.uint(2 + (way < 0 ? -2 * way - 1 : 2 * way))
    } else {
      this.out.uint(1)
      this.out.uint(span.file + 1)
      this.out.uint(span.start)
    }
    this.out.uint(span.end - span.start)
    this.#file = span.file
    this.#start = span.start
  }

  #exprs(exprs: readonly Expr[]): void {
    this.#list(exprs, (expr) => this.#expr(expr))
  }

  #expr(expr: Expr): void {
    const kind = expr.kind === 'const' ? constKind(expr.value) : expr.kind
    this.out.byte(EXPR_KINDS.indexOf(kind))
    this.#type(expr.type)
    this.#span(expr.span)
    switch (expr.kind) {
      case 'const':
        return this.#constant(expr.value)
      case 'local':
        return this.out.uint(expr.local)
      case 'op': {
        const row = opRow(expr.op)
        this.out.uint(row.code)
        for (const [i, imm] of (row.imm ?? []).entries()) this.#immediate(imm, expr.imm[i])
        return this.#exprs(expr.args)
      }
      case 'call':
        this.out.uint(expr.func)
        return this.#exprs(expr.args)
      case 'invoke':
        this.#expr(expr.callee)
        return this.#exprs(expr.args)
      case 'cond':
        this.#expr(expr.test)
        this.#expr(expr.then)
        return this.#expr(expr.else)
      case 'seq':
        this.#stmts(expr.body)
        return this.#expr(expr.value)
      default:
        return assertNever(expr)
    }
  }

  #constant(value: Constant): void {
    if (typeof value === 'string') this.#text(value)
    else if (typeof value !== 'number') return
    else if (isInt(value)) this.out.int(value)
    else this.out.float(value)
  }

  #immediate(kind: ImmediateKind, value: Immediate | undefined): void {
    if (kind === 'name' && typeof value === 'string') this.#text(value)
    else if (kind === 'fields' && Array.isArray(value)) this.#list(value as readonly number[], (i) => this.out.uint(i))
    else if (kind === 'type' && typeof value === 'object') this.#type(value as Type)
    else if (typeof value === 'number') this.out.uint(value)
    else throw new Error(`immediate ${JSON.stringify(value)} is not of kind ${kind}`)
  }

  #stmts(stmts: readonly Stmt[]): void {
    this.#list(stmts, (stmt) => this.#stmt(stmt))
  }

  #stmt(stmt: Stmt): void {
    this.out.byte(STMT_KINDS.indexOf(stmt.kind))
    this.#span(stmt.span)
    switch (stmt.kind) {
      case 'expr':
        return this.#expr(stmt.expr)
      case 'set':
        this.out.uint(stmt.local)
        return this.#expr(stmt.value)
      case 'if':
        this.#expr(stmt.test)
        this.#stmts(stmt.then)
        return this.#stmts(stmt.else)
      case 'block':
        this.out.uint(stmt.label)
        return this.#stmts(stmt.body)
      case 'loop':
        this.out.uint(stmt.label)
        this.out.byte((stmt.test ? 1 : 0) + (stmt.post ? 2 : 0))
        if (stmt.test) this.#expr(stmt.test)
        this.#stmts(stmt.body)
        return this.#stmts(stmt.update)
      case 'switch':
        this.out.uint(stmt.label)
        this.#expr(stmt.subject)
        return this.#list(stmt.cases, (c) => {
          this.out.byte(c.test ? 1 : 0)
          if (c.test) this.#expr(c.test)
          this.#stmts(c.body)
        })
      case 'break':
      case 'continue':
        return this.out.uint(stmt.label)
      case 'return':
      case 'throw':
        return this.#expr(stmt.value)
      case 'try':
        this.out.byte((stmt.catch ? 1 : 0) + (stmt.finally ? 2 : 0))
        this.#stmts(stmt.body)
        if (stmt.catch) {
          this.out.uint(stmt.catch.local)
          this.#stmts(stmt.catch.body)
        }
        if (stmt.finally) this.#stmts(stmt.finally)
        return
      default:
        return assertNever(stmt)
    }
  }
}

function constKind(value: Constant): (typeof EXPR_KINDS)[number] {
  if (typeof value === 'number') return isInt(value) ? 'int' : 'float'
  if (typeof value === 'string') return 'string'
  return value === undefined ? 'undefined' : value === null ? 'null' : value ? 'true' : 'false'
}

/** Whether the number has the short form: an integer of 32 bits that is not -0. */
function isInt(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0)
}
