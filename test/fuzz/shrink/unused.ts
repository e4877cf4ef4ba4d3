import {
  eachExpr,
  eachStmt,
  opRow,
  type Expr,
  type Func,
  type Immediate,
  type Local,
  type Module,
  type Type,
} from '../../../src/ir/index.ts'
import { rewriteBody, rewriteModule } from './rewrite.ts'

/** Modules with one thing less that nothing refers to: a function, a global, a definition, or the locals of a function. */
export function withoutUnused(module: Module): Module[] {
  const downFrom = (length: number): number[] => Array.from({ length }, (_, i) => length - 1 - i)
  return [
    ...downFrom(module.funcs.length)
      .filter((i) => !isUsed(module, 'func', i))
      .map((i) => dropFunc(module, i)),
    ...downFrom(module.globals.length)
      .filter((i) => !isUsed(module, 'global', i))
      .map((i) => dropGlobal(module, i)),
    ...downFrom(module.objects.length)
      .filter((i) => i > 0)
      .map((i) => dropObject(module, i)),
    ...module.funcs.map((func, i) => ({ ...module, funcs: module.funcs.with(i, dropLocals(func)) })),
    ...module.funcs.flatMap((func, i) => func.params.map((_, at) => dropParam(module, i, at))),
  ]
}

type Numbered = 'func' | 'global' | 'object'

/** The immediates of an operation that are numbers of this kind, changed. */
function renumber(expr: Expr, kind: Numbered, change: (n: number) => number): Expr {
  if (expr.kind === 'call' && kind === 'func') return { ...expr, func: change(expr.func) }
  if (expr.kind !== 'op') return expr
  const kinds = opRow(expr.op).imm ?? []
  return { ...expr, imm: expr.imm.map((imm, i): Immediate => (kinds[i] === kind ? change(imm as number) : imm)) }
}

function isUsed(module: Module, kind: 'func' | 'global', number: number): boolean {
  if (kind === 'func' && (module.init === number || module.entries.some((entry) => entry.func === number))) return true
  for (const func of module.funcs)
    for (const expr of eachExpr(func.body)) {
      let isNamed = false
      renumber(expr, kind, (n) => {
        isNamed ||= n === number
        return n
      })
      if (isNamed) return true
    }
  return false
}

const less = (dropped: number) => (n: number) => (n > dropped ? n - 1 : n)

/** Every expression changed, also those inside of changed ones. */
function mapEach(module: Module, change: (expr: Expr) => Expr): Module {
  const deep = (expr: Expr): Expr => {
    const changed = change(expr)
    const [stmt] = rewriteBody([{ kind: 'expr', expr: changed, span: changed.span }], {
      expr: (inner) => (inner === changed ? inner : deep(inner)),
    })
    return stmt?.kind === 'expr' ? stmt.expr : changed
  }
  return rewriteModule(module, { expr: deep })
}

function dropFunc(module: Module, dropped: number): Module {
  const change = less(dropped)
  const mapped = mapEach(module, (expr) => renumber(expr, 'func', change))
  const entries = module.entries.map((entry) => ({ ...entry, func: change(entry.func) }))
  return { ...mapped, funcs: mapped.funcs.toSpliced(dropped, 1), init: change(module.init), entries }
}

function dropGlobal(module: Module, dropped: number): Module {
  const mapped = mapEach(module, (expr) => renumber(expr, 'global', less(dropped)))
  return { ...mapped, globals: module.globals.toSpliced(dropped, 1) }
}

/** Broken where something is of the dropped definition, which the checker finds. */
function dropObject(module: Module, dropped: number): Module {
  const on = (type: Type): Type => mapType(type, (id) => (id === dropped ? 1e6 : less(dropped)(id)))
  const local = (of: Local): Local => ({ ...of, type: on(of.type) })
  const mapped = mapEach(module, (expr) => {
    const imm = expr.kind === 'op' ? opRow(expr.op).imm : undefined
    const renumbered = {
      ...renumber(expr, 'object', (id) => (id === dropped ? 1e6 : less(dropped)(id))),
      type: on(expr.type),
    }
    if (renumbered.kind !== 'op' || !imm?.includes('type')) return renumbered
    return { ...renumbered, imm: renumbered.imm.map((value, i) => (imm[i] === 'type' ? on(value as Type) : value)) }
  })
  const funcs = mapped.funcs.map((func): Func => ({
    ...func,
    params: func.params.map(local),
    captures: func.captures.map(local),
    locals: func.locals.map(local),
    result: on(func.result),
  }))
  const fields = (def: Module['objects'][number]): Module['objects'][number] => ({
    ...def,
    fields: def.fields.map((field) => ({ ...field, type: on(field.type) })),
  })
  return {
    ...mapped,
    funcs,
    objects: module.objects.toSpliced(dropped, 1).map(fields),
    globals: module.globals.map((global) => ({ ...global, type: on(global.type) })),
    entries: module.entries.map((entry) => ({
      ...entry,
      params: entry.params.map((param) => ({ ...param, type: on(param.type) })),
      result: on(entry.result),
    })),
  }
}

function mapType(type: Type, change: (id: number) => number): Type {
  const on = (inner: Type): Type => mapType(inner, change)
  switch (type.kind) {
    case 'object':
      return { ...type, id: change(type.id) }
    case 'array':
      return { ...type, elem: on(type.elem) }
    case 'tuple':
      return { ...type, elems: type.elems.map(on) }
    case 'cell':
      return { ...type, of: on(type.of) }
    case 'func':
      return { ...type, params: type.params.map(on), result: on(type.result) }
    case 'union':
      return { ...type, members: type.members.map(on) }
    default:
      return type
  }
}

/** A function without the locals that its body does not name. */
function dropLocals(func: Func): Func {
  const used = new Set<number>()
  for (const expr of eachExpr(func.body)) if (expr.kind === 'local') used.add(expr.local)
  for (const stmt of eachStmt(func.body)) {
    if (stmt.kind === 'set') used.add(stmt.local)
    if (stmt.kind === 'try' && stmt.catch) used.add(stmt.catch.local)
  }
  const given = func.params.length + func.captures.length
  const kept = func.locals.map((_, i) => given + i).filter((i) => used.has(i))
  const change = (n: number): number => (n < given ? n : given + kept.indexOf(n))
  return withLocals({ ...func, locals: kept.map((i) => func.locals[i - given]!) }, change)
}

function withLocals(func: Func, change: (local: number) => number): Func {
  const body = rewriteBody(func.body, {
    expr: (expr) => (expr.kind === 'local' ? { ...expr, local: change(expr.local) } : expr),
    stmts: (list) =>
      list.map((stmt) => {
        if (stmt.kind === 'set') return { ...stmt, local: change(stmt.local) }
        return stmt.kind === 'try' && stmt.catch
          ? { ...stmt, catch: { ...stmt.catch, local: change(stmt.catch.local) } }
          : stmt
      }),
  })
  return { ...func, body }
}

/** Without a parameter of a function and the operands for it. Broken where it is read or part of a type, which the checker finds. */
function dropParam(module: Module, number: number, at: number): Module {
  const func = module.funcs[number]!
  const changed = withLocals({ ...func, params: func.params.toSpliced(at, 1) }, (n) => (n === at ? 1e6 : less(at)(n)))
  return mapEach({ ...module, funcs: module.funcs.with(number, changed) }, (expr) =>
    expr.kind === 'call' && expr.func === number ? { ...expr, args: expr.args.toSpliced(at, 1) } : expr,
  )
}
