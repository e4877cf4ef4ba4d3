import type { HArg, HExpr, HFunc, HStmt, HVar } from '../../src/front/hir.ts'
import type { HProgram } from '../../src/front/hir-program.ts'

/**
 * Checks what the documentation of the HIR promises about names and labels, in every function
 * that can be reached from the top level and the entries. Returns sentences about what is broken.
 */
export function checkHir(program: HProgram): string[] {
  const c: Check = { errors: [], functions: new Set(), work: [] }
  enter(c, program.init)
  for (const e of program.entries) enter(c, e.func)
  for (let f = c.work.pop(); f; f = c.work.pop()) checkFunction(c, f)
  return c.errors
}

type Check = { readonly errors: string[]; readonly functions: Set<HFunc>; readonly work: HFunc[] }
type Frame = {
  readonly c: Check
  readonly f: HFunc
  readonly declared: Set<HVar>
  readonly used: HVar[]
  readonly labels: number[]
}

function enter(c: Check, f: HFunc): void {
  if (c.functions.has(f)) return
  c.functions.add(f)
  c.work.push(f)
}

function checkFunction(c: Check, f: HFunc): void {
  const declared = new Set<HVar>(f.params.map((p) => p.variable))
  if (f.rest) declared.add(f.rest)
  if (f.thisVar) declared.add(f.thisVar)
  const frame: Frame = { c, f, declared, used: [], labels: [] }
  for (const v of declared) if (v.scope !== f) fail(frame, `parameter ${v.name} belongs to another function`)
  stmts(frame, f.body())
  for (const v of frame.used) if (v.scope === f && !declared.has(v)) fail(frame, `${v.name} is never declared`)
}

function fail(frame: Frame, text: string): void {
  frame.c.errors.push(`${frame.f.name}: ${text}`)
}

function use(frame: Frame, v: HVar): void {
  frame.used.push(v)
  if (v.func) enter(frame.c, v.func)
  if (v.scope === null || v.scope === frame.f) return
  if (!v.captured && !v.kept) fail(frame, `${v.name} is captured but not marked so`)
  for (let f: HFunc | null = frame.f; f !== v.scope; f = f.parent) {
    if (!f) return fail(frame, `${v.name} belongs to no enclosing function`)
    if (!f.captures.has(v)) fail(frame, `${v.name} is missing from the captures of ${f.name}`)
  }
}

function declare(frame: Frame, v: HVar): void {
  if (v.kept && v.scope !== frame.f) return use(frame, v)
  if (v.scope !== null && v.scope !== frame.f) fail(frame, `${v.name} is declared in another function`)
  frame.declared.add(v)
}

function stmts(frame: Frame, list: readonly HStmt[]): void {
  for (const s of list) stmt(frame, s)
}

function labelled(frame: Frame, label: number, list: readonly HStmt[]): void {
  frame.labels.push(label)
  stmts(frame, list)
  frame.labels.pop()
}

function stmt(frame: Frame, s: HStmt): void {
  switch (s.kind) {
    case 'let':
      if (s.init) expr(frame, s.init)
      return declare(frame, s.v)
    case 'hoist':
      return declare(frame, s.v)
    case 'frame':
      return s.variables.forEach((v) => declare(frame, v))
    case 'renew':
      return use(frame, s.v)
    case 'expr':
      return expr(frame, s.expr)
    case 'if':
      expr(frame, s.test)
      stmts(frame, s.then)
      return stmts(frame, s.else)
    case 'loop':
      if (s.test) expr(frame, s.test)
      labelled(frame, s.label, s.body)
      return stmts(frame, s.update)
    case 'forOf':
      expr(frame, s.iterable)
      declare(frame, s.v)
      stmts(frame, s.walk.plain)
      stmts(frame, s.walk.closing)
      return labelled(frame, s.label, s.body)
    case 'block':
      return labelled(frame, s.label, s.body)
    case 'break':
    case 'continue':
      if (!frame.labels.includes(s.label)) fail(frame, `${s.kind} to a label that does not enclose it`)
      return
    case 'switch':
      expr(frame, s.subject)
      for (const c of s.cases) {
        if (c.test) expr(frame, c.test)
        labelled(frame, s.label, c.body)
      }
      return
    case 'return':
      if (s.value) expr(frame, s.value)
      return
    case 'throw':
      return expr(frame, s.value)
    case 'try':
      stmts(frame, s.body)
      if (s.handler?.param) declare(frame, s.handler.param)
      if (s.handler) stmts(frame, s.handler.body)
      if (s.finalizer) stmts(frame, s.finalizer)
  }
}

function args(frame: Frame, list: readonly HArg[]): void {
  for (const a of list) expr(frame, a.value)
}

function each(frame: Frame, ...list: readonly HExpr[]): void {
  for (const e of list) expr(frame, e)
}

function expr(frame: Frame, e: HExpr): void {
  if (e.span === undefined) fail(frame, `a ${e.kind} has no span`)
  switch (e.kind) {
    case 'var':
      return use(frame, e.v)
    case 'assign':
      if (!e.v.assigned) fail(frame, `${e.v.name} is assigned but not marked so`)
      if (e.v.func) fail(frame, `${e.v.name} is bound to a function and assigned`)
      expr(frame, e.value)
      return use(frame, e.v)
    case 'function':
      return enter(frame.c, e.f)
    case 'const':
    case 'builtinRef':
      return
    case 'unary':
    case 'narrow':
    case 'require':
    case 'isMissing':
    case 'instanceof':
      if (e.kind === 'narrow' && e.kinds === 0) fail(frame, 'a narrowing to nothing')
      return expr(frame, e.x)
    case 'instanceofValue':
      return each(frame, e.x, e.target)
    case 'binary':
    case 'logical':
      return each(frame, e.a, e.b)
    case 'cond':
      return each(frame, e.test, e.then, e.else)
    case 'seq':
      stmts(frame, e.body)
      return expr(frame, e.value)
    case 'template':
      return each(frame, ...e.parts)
    case 'array':
      return args(
        frame,
        e.elems.filter((x) => x.kind !== 'hole'),
      )
    case 'object':
      return each(frame, ...e.props.flatMap((p) => (p.kind === 'computed' ? [p.key, p.value] : [p.value])))
    case 'get':
      return expr(frame, e.obj)
    case 'set':
      return each(frame, e.obj, e.value)
    case 'index':
      return each(frame, e.obj, e.key)
    case 'setIndex':
      return each(frame, e.obj, e.key, e.value)
    case 'delete':
    case 'in':
      return each(frame, e.key, e.obj)
    case 'call':
      expr(frame, e.callee)
      return args(frame, e.args)
    case 'method':
      expr(frame, e.obj)
      return args(frame, e.args)
    case 'super':
      expr(frame, e.obj)
      enter(frame.c, e.member)
      return args(frame, e.args)
    case 'new':
      for (const f of [
        e.cls.construct,
        ...e.cls.methods.values(),
        ...e.cls.getters.values(),
        ...e.cls.setters.values(),
      ])
        enter(frame.c, f)
      return args(frame, e.args)
    case 'builtin':
      return args(frame, e.args)
    case 'yield':
      return fail(frame, 'a yield is left')
  }
}
