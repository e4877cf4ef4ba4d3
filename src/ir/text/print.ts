import { positionAt, type Span } from '../../base/index.ts'
import { deriveType } from '../check/derive.ts'
import { isFault } from '../check/rules.ts'
import {
  localsOf,
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
import { formatType, sameType, type Type } from '../types.ts'
import { assertNever, eachNode } from '../walk.ts'
import { formatConstant, formatName, formatRef } from './words.ts'

/** What to print beside the code. `spans` (default true): what is needed to parse the same module again. */
export type PrintOptions = { readonly spans?: boolean }

/** The text form of a module (spec: text). `parseModule` reads it back to an equal module. */
export function printModule(module: Module, options: PrintOptions = {}): string {
  const lines = [
    'anrf ir 1',
    ...module.objects.map(printObject),
    ...module.globals.map((global, i) => `global ${i} ${printDeclared(global)}`),
    ...module.funcs.map((func, i) => `\n${printFunc(module, i, func, options)}`),
    '',
    `init #${module.init}`,
    ...module.entries.map(printEntry),
    '',
    ...module.files.map((file, i) => `file ${i} ${JSON.stringify(file.path)} ${printLines(file.lines)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** The text form of the function with number `index`. */
export function printFunc(
  module: Module,
  index: number,
  func = module.funcs[index]!,
  options: PrintOptions = {},
): string {
  return new FuncPrinter(module, func).print(index, options.spans ?? true)
}

function printLines(lines: readonly number[]): string {
  return `[${wrap(lines.map(String), ', ', ',\n  ')}]`
}

/** Joins words, some on each line. */
function wrap(words: readonly string[], between: string, newLine: string): string {
  const rows: string[] = []
  for (let i = 0; i < words.length; i += 20) rows.push(words.slice(i, i + 20).join(between))
  return rows.join(newLine)
}

function printObject({ role, name, tag, fields }: ObjectDef, i: number): string {
  const shown = tag === undefined ? '' : `tag ${formatName(tag)} `
  return `${role} ${i} ${formatName(name)} ${shown}${printFields(fields)}`
}

function printFields(fields: readonly Field[]): string {
  const marks = (f: Field): string => (f.optional ? '?' : '') + (f.hidden ? '!' : '')
  return `{ ${fields.map((f) => `${formatName(f.name)}${marks(f)}: ${formatType(f.type)}`).join(', ')} }`
}

function printEntry(entry: Entry): string {
  const params = entry.params.map((p) => `${formatName(p.name)}${p.optional ? '?' : ''}: ${formatType(p.type)}`)
  return `entry ${formatName(entry.name)} #${entry.func} (${params.join(', ')}) -> ${formatType(entry.result)}`
}

function printDeclared(local: Local): string {
  return `${formatName(local.name)}: ${formatType(local.type)}`
}

class FuncPrinter {
  readonly #module: Module
  readonly #func: Func
  readonly #locals: readonly Local[]
  #lines: string[] = []

  constructor(module: Module, func: Func) {
    this.#module = module
    this.#func = func
    this.#locals = localsOf(func)
  }

  print(index: number, withSpans: boolean): string {
    const { params, captures, locals, result, body, name, form, span } = this.#func
    const list = (group: readonly Local[], first: number): string =>
      group.map((local, i) => `${formatRef(local.name, first + i)}: ${formatType(local.type)}`).join(', ')
    const inner = params.length
    const captured = captures.length > 0 ? ` [${list(captures, inner)}]` : ''
    const comment = this.#comment(span)
    const head = `fn ${formatRef(name, index)}${form === undefined ? '' : ` is ${formatName(form)} `}(${list(params, 0)})`
    this.#lines = [`${head}${captured} -> ${formatType(result)} {${comment}`]
    locals.forEach((local, i) => this.#lines.push(`  var ${list([local], inner + captures.length + i)}`))
    this.#stmts(body, '  ')
    this.#lines.push(withSpans ? `} spans [${wrap(printSpans(this.#func), ' ', '\n  ')}]` : '}')
    return this.#lines.join('\n')
  }

  /** The line of the source, for readers; the parser skips it. */
  #comment(span: Span): string {
    const file = this.#module.files[span.file]
    return file ? ` // ${file.path.replaceAll(/\s/g, ' ')}:${positionAt(file.lines, span.start).line}` : ''
  }

  #stmts(stmts: readonly Stmt[], indent: string): void {
    for (const stmt of stmts) this.#stmt(stmt, indent)
  }

  #stmt(stmt: Stmt, indent: string): void {
    const line = (text: string): number => this.#lines.push(`${indent}${text}`)
    const value = (expr: Expr): string => this.#expr(expr, indent)
    const inside = `${indent}  `
    switch (stmt.kind) {
      case 'expr':
        return void line(`do ${value(stmt.expr)}`)
      case 'set':
        return void line(`${this.#local(stmt.local)} = ${value(stmt.value)}`)
      case 'return':
      case 'throw':
        return void line(`${stmt.kind} ${value(stmt.value)}`)
      case 'break':
      case 'continue':
        return void line(`${stmt.kind} $${stmt.label}`)
      case 'if':
        line(`if ${value(stmt.test)} {`)
        this.#stmts(stmt.then, inside)
        if (stmt.else.length > 0) line('} else {')
        this.#stmts(stmt.else, inside)
        break
      case 'block':
        line(`block $${stmt.label} {`)
        this.#stmts(stmt.body, inside)
        break
      case 'loop':
        line(`loop $${stmt.label}${stmt.post ? ' post' : ''}${stmt.test ? ` while ${value(stmt.test)}` : ''} {`)
        this.#stmts(stmt.body, inside)
        if (stmt.update.length > 0) line('} update {')
        this.#stmts(stmt.update, inside)
        break
      case 'switch':
        line(`switch $${stmt.label} ${value(stmt.subject)} {`)
        for (const { test, body } of stmt.cases) {
          line(test ? `case ${value(test)} {` : 'default {')
          this.#stmts(body, inside)
          line('}')
        }
        break
      case 'try':
        line('try {')
        this.#stmts(stmt.body, inside)
        if (stmt.catch) line(`} catch ${this.#local(stmt.catch.local)} {`)
        this.#stmts(stmt.catch?.body ?? [], inside)
        if (stmt.finally) line('} finally {')
        this.#stmts(stmt.finally ?? [], inside)
        break
      default:
        return assertNever(stmt)
    }
    line('}')
  }

  #local(index: number): string {
    return formatRef(this.#locals[index]?.name, index)
  }

  /** The expression, with its type where that does not follow from its parts. */
  #expr(expr: Expr, indent: string): string {
    const text = this.#bare(expr, indent)
    if (expr.kind === 'const' && text.endsWith('i')) return text
    const type = deriveType({ module: this.#module, locals: this.#locals }, expr)
    return !isFault(type) && sameType(type, expr.type) ? text : `(${text} : ${formatType(expr.type)})`
  }

  #bare(expr: Expr, indent: string): string {
    const on = (e: Expr): string => this.#expr(e, indent)
    const args = (list: readonly Expr[]): string => `(${list.map(on).join(', ')})`
    switch (expr.kind) {
      case 'const':
        return formatConstant(expr)
      case 'local':
        return this.#local(expr.local)
      case 'op': {
        const kinds = opRow(expr.op).imm ?? []
        const imm = kinds.length > 0 ? `[${this.#immediates(expr).join(', ')}]` : ''
        return `${expr.op}${imm}${args(expr.args)}`
      }
      case 'call':
        return `call ${formatRef(this.#module.funcs[expr.func]?.name, expr.func)}${args(expr.args)}`
      case 'invoke':
        return `invoke ${on(expr.callee)}${args(expr.args)}`
      case 'cond':
        return `(${on(expr.test)} ? ${on(expr.then)} : ${on(expr.else)})`
      case 'seq':
        return this.#seq(expr.body, expr.value, indent)
      default:
        return assertNever(expr)
    }
  }

  /** `seq { statements } value`, on several lines: the text of the statements is collected apart. */
  #seq(body: readonly Stmt[], value: Expr, indent: string): string {
    const outer = this.#lines
    this.#lines = []
    this.#stmts(body, `${indent}  `)
    const inner = this.#lines.join('\n')
    this.#lines = outer
    const rest = this.#expr(value, indent)
    return body.length === 0 ? `seq {} ${rest}` : `seq {\n${inner}\n${indent}} ${rest}`
  }

  #immediates(expr: Extract<Expr, { kind: 'op' }>): string[] {
    const { objects, funcs, globals } = this.#module
    let object: number | undefined
    return (opRow(expr.op).imm ?? []).map((kind, i) => {
      const value = expr.imm[i]!
      const fieldRef = (field: number): string => formatRef(objects[object ?? -1]?.fields[field]?.name, field)
      if (kind === 'object') object = value as number
      switch (kind) {
        case 'object':
          return formatRef(objects[value as number]?.name, value as number)
        case 'field':
          return fieldRef(value as number)
        case 'fields':
          return `{${(value as readonly number[]).map(fieldRef).join(', ')}}`
        case 'func':
          return formatRef(funcs[value as number]?.name, value as number)
        case 'global':
          return formatRef(globals[value as number]?.name, value as number)
        case 'index':
          return `${value as number}`
        case 'name':
          return JSON.stringify(value)
        case 'type':
          return formatType(value as Exclude<Immediate, number | string | readonly number[]> as Type)
      }
    })
  }
}

/** The span of the function and of each node inside, in the order of `eachNode`: `file:start+length`, the file only when it changes, `-` for none. */
function printSpans(func: Func): string[] {
  let file = -1
  const word = (span: Span): string => {
    if (span.file === -1 && span.start === 0 && span.end === 0) return '-'
    const prefix = span.file === file ? '' : `${span.file}:`
    file = span.file
    return `${prefix}${span.start}+${span.end - span.start}`
  }
  return [word(func.span), ...[...eachNode(func.body)].map((node) => word(node.span))]
}
