import type { HArg, HExpr, HProp, HFunc, HStmt, HVar } from '../../src/front/hir.ts'
import { ALL, ARR, BOOL, FN, NULL, NUM, OBJ, STR, UNDEF } from '../../src/front/kinds.ts'

/** Prints HIR in a compact form for tests: one statement per line, expressions as prefix terms. What the checker says of kinds and what a missing value throws are left out. */
export function printStmts(list: readonly HStmt[], indent = ''): string {
  return list.map((s) => printStmt(s, indent)).join('\n')
}

export function printFunc(f: HFunc): string {
  const params = f.params.map((p) => p.variable.name + (p.optional ? '?' : ''))
  if (f.rest) params.push(`...${f.rest.name}`)
  return `${f.name}(${params.join(', ')})\n${printStmts(f.body(), '  ')}`
}

function printStmt(s: HStmt, i: string): string {
  const block = (list: readonly HStmt[]): string => (list.length === 0 ? '' : printStmts(list, i + '  ') + '\n')
  switch (s.kind) {
    case 'let':
      return `${i}let ${mark(s.v)}${s.init ? ` = ${printExpr(s.init)}` : ''}`
    case 'hoist':
      return `${i}hoist ${mark(s.v)}`
    case 'frame':
      return `${i}frame ${s.variables.map(mark).join(', ')}`
    case 'renew':
      return `${i}renew ${s.v.name}`
    case 'expr':
      return i + printExpr(s.expr)
    case 'if':
      return `${i}if ${printExpr(s.test)}\n${block(s.then)}${s.else.length > 0 ? `${i}else\n${block(s.else)}` : ''}${i}end`
    case 'loop': {
      const fresh = s.fresh.length > 0 ? ` fresh(${s.fresh.map((v) => v.name).join(', ')})` : ''
      const update = s.update.length > 0 ? `${i}update\n${block(s.update)}` : ''
      return `${i}loop ${s.post ? 'post ' : ''}${s.test ? printExpr(s.test) : 'true'}${fresh}\n${block(s.body)}${update}${i}end`
    }
    case 'forOf':
      return `${i}for ${mark(s.v)} of ${printExpr(s.iterable)}\n${block(s.body)}${i}end`
    case 'block':
      return `${i}block\n${block(s.body)}${i}end`
    case 'break':
    case 'continue':
      return `${i}${s.kind} ${s.label}`
    case 'switch': {
      const cases = s.cases.map((c) => `${i}${c.test ? `case ${printExpr(c.test)}` : 'default'}\n${block(c.body)}`)
      return `${i}switch ${printExpr(s.subject)}\n${cases.join('')}${i}end`
    }
    case 'return':
      return `${i}return${s.value ? ' ' + printExpr(s.value) : ''}`
    case 'throw':
      return `${i}throw ${printExpr(s.value)}`
    case 'try': {
      const handler = s.handler ? `${i}catch ${s.handler.param?.name ?? ''}\n${block(s.handler.body)}` : ''
      return `${i}try\n${block(s.body)}${handler}${s.finalizer ? `${i}finally\n${block(s.finalizer)}` : ''}${i}end`
    }
  }
}

function mark(v: HVar): string {
  const marks = [
    v.captured && 'captured',
    v.assigned && 'assigned',
    v.checked && 'checked',
    v.tested && 'tested',
  ].filter(Boolean)
  return v.name + (marks.length > 0 ? `:${marks.join('+')}` : '')
}

const args = (list: readonly HArg[]): string =>
  list.map((a) => (a.kind === 'spread' ? '...' : '') + printExpr(a.value)).join(', ')

function printProp(p: HProp): string {
  if (p.kind === 'field') return `${p.name}: ${printExpr(p.value)}`
  if (p.kind === 'computed') return `[${printExpr(p.key)}]: ${printExpr(p.value)}`
  return `...${printExpr(p.value)}${p.except.length > 0 ? ` without ${p.except.join(' ')}` : ''}`
}

export function printExpr(e: HExpr): string {
  switch (e.kind) {
    case 'const':
      return Object.is(e.value, -0)
        ? '-0'
        : e.value === undefined
          ? 'undefined'
          : (JSON.stringify(e.value) ?? String(e.value))
    case 'var':
      return e.v.name
    case 'assign':
      return `(${e.v.name} := ${printExpr(e.value)})`
    case 'function':
      return `fn<${e.f.name}>`
    case 'unary':
      return `(${e.op} ${printExpr(e.x)})`
    case 'binary':
    case 'logical':
      return `(${printExpr(e.a)} ${e.op} ${printExpr(e.b)})`
    case 'cond':
      return `(${printExpr(e.test)} ? ${printExpr(e.then)} : ${printExpr(e.else)})`
    case 'seq':
      return `{${e.body.map((s) => printStmt(s, '')).join('; ')}; ${printExpr(e.value)}}`
    case 'template':
      return `template(${e.parts.map(printExpr).join(', ')})`
    case 'array':
      return `[${e.elems.map((x) => (x.kind === 'hole' ? 'hole' : args([x]))).join(', ')}]`
    case 'object':
      return `{${e.props.map(printProp).join(', ')}}`
    case 'get':
      return `${printExpr(e.obj)}.${e.name}`
    case 'set':
      return `(${printExpr(e.obj)}.${e.name} := ${printExpr(e.value)})`
    case 'index':
      return `${printExpr(e.obj)}[${printExpr(e.key)}]${{ trap: '', undefined: '?', number: '#' }[e.miss]}${e.iterated ? '~' : ''}`
    case 'setIndex':
      return `(${printExpr(e.obj)}[${printExpr(e.key)}] := ${printExpr(e.value)})`
    case 'call':
      return `${printExpr(e.callee)}(${args(e.args)})`
    case 'method':
      return `${printExpr(e.obj)}:${e.name}(${args(e.args)})`
    case 'super':
      return `super.${e.member.name}(${args(e.args)})`
    case 'new':
      return `new ${e.cls.name}(${args(e.args)})`
    case 'builtin':
      return `@${e.name}(${args(e.args)})`
    case 'builtinRef':
      return `@${e.name}`
    case 'narrow':
      return e.reason === 'flow' ? printExpr(e.x) : `<${kindNames(e.kinds)}>${printExpr(e.x)}`
    case 'require':
      return printExpr(e.x)
    case 'isMissing':
      return `${e.nullish ? 'nullish' : 'missing'}(${printExpr(e.x)})`
    case 'delete':
      return `delete ${printExpr(e.obj)}[${printExpr(e.key)}]`
    case 'instanceof':
      return `(${printExpr(e.x)} instanceof ${typeof e.target === 'string' ? e.target : e.target.name})`
    case 'instanceofValue':
      return `(${printExpr(e.x)} instanceof ${printExpr(e.target)})`
    case 'yield':
      return `yield${e.walk ? '*' : ''} ${printExpr(e.value)}`
    case 'in':
      return `(${printExpr(e.key)} in ${printExpr(e.obj)})`
  }
}

const KINDS = [
  [NUM, 'num'],
  [STR, 'str'],
  [BOOL, 'bool'],
  [NULL, 'null'],
  [UNDEF, 'undef'],
  [ARR, 'arr'],
  [FN, 'fn'],
  [OBJ, 'obj'],
] as const

function kindNames(kinds: number): string {
  const removed = KINDS.filter(([k]) => !(kinds & k)).map(([, n]) => n)
  if (ALL & ~kinds && removed.length <= 2) return `not ${removed.join(' ')}`
  return KINDS.filter(([k]) => kinds & k)
    .map(([, n]) => n)
    .join('|')
}
