import { NO_SPAN } from '../../../src/base/index.ts'
import { checkModule, eachNode, type Expr, type Func, type Module, type Stmt } from '../../../src/ir/index.ts'
import { plainest, simplerExprs, simplerStmts } from './candidates.ts'
import { rewriteModule } from './rewrite.ts'
import { withoutUnused } from './unused.ts'

/** Whether a module still shows what it is kept for. It is asked only of modules that the checker accepts. */
export type Keeps = (module: Module) => boolean

/**
 * A smaller module that still shows it: functions, statements and operands are left out, expressions replaced by
 * operands or constants, constants by simpler ones, until nothing more can go or the time is over.
 */
export function shrinkModule(module: Module, keeps: Keeps, milliseconds = 30_000): Module {
  return new Shrinker(keeps, performance.now() + milliseconds).shrink(module)
}

class Shrinker {
  readonly #keeps: Keeps
  readonly #deadline: number
  #best: Module | undefined

  constructor(keeps: Keeps, deadline: number) {
    this.#keeps = keeps
    this.#deadline = deadline
  }

  shrink(module: Module): Module {
    this.#best = module
    const bare = withoutSpans(module)
    if (this.#keeps(bare)) this.#best = bare
    this.#stubFuncs()
    this.#dropUnused()
    for (let before = -1; before !== sizeOf(this.#best);) {
      before = sizeOf(this.#best)
      this.#dropStmts()
      this.#replaceStmts()
      this.#replaceExprs()
      this.#dropUnused()
    }
    return this.#best
  }

  get #isOver(): boolean {
    return performance.now() > this.#deadline
  }

  /** Takes the candidate when it is smaller, valid, and still shows what it is kept for. */
  #try(candidate: Module): boolean {
    if (this.#isOver || sizeOf(candidate) >= sizeOf(this.#best!)) return false
    if (checkModule(candidate).length > 0 || !this.#keeps(candidate)) return false
    this.#best = candidate
    return true
  }

  /** Functions that do nothing but give the plainest result. */
  #stubFuncs(): void {
    const { funcs } = this.#best!
    for (let i = funcs.length - 1; i >= 0; i--) {
      const func = this.#best!.funcs[i]!
      const value = plainest(this.#best!, func.result)[0]
      if (!value) continue
      const stub: Func = { ...func, locals: [], body: [{ kind: 'return', value, span: NO_SPAN }] }
      this.#try({ ...this.#best!, funcs: this.#best!.funcs.with(i, stub) })
    }
  }

  /** Leaves out runs of statements, long ones first. */
  #dropStmts(): void {
    for (let at = 0; !this.#isOver; at++) {
      const list = nth(this.#best!, 'stmts', at)
      if (!list) return
      let length = list.length
      for (let run = length; run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2))
        for (let from = 0; from < length;) {
          const [start, count] = [from, run]
          const change = (stmts: readonly Stmt[]): readonly Stmt[] => stmts.toSpliced(start, count)
          if (this.#try(replaceList(this.#best!, at, change))) length = Math.max(0, length - run)
          else from += run
        }
    }
  }

  /** Puts what is inside of a statement in its place. */
  #replaceStmts(): void {
    for (let at = 0; !this.#isOver; at++) {
      const list = nth(this.#best!, 'stmts', at)
      if (!list) return
      for (let i = list.length - 1; i >= 0; i--) {
        const isReplaced = simplerStmts(list[i]!).some((other) =>
          this.#try(replaceList(this.#best!, at, (stmts) => stmts.toSpliced(i, 1, ...other))),
        )
        // What was put there may be replaced in turn.
        if (isReplaced) {
          at--
          break
        }
      }
    }
  }

  #replaceExprs(): void {
    for (let at = 0; !this.#isOver;) {
      const expr = nth(this.#best!, 'expr', at)
      if (!expr) return
      const isReplaced = simplerExprs(this.#best!, expr).some((other) => this.#try(replaceExpr(this.#best!, at, other)))
      if (!isReplaced) at++
    }
  }

  #dropUnused(): void {
    for (let isSmaller = true; isSmaller && !this.#isOver;) {
      isSmaller = withoutUnused(this.#best!).some((other) => this.#try(other))
    }
  }
}

/** The expression or list of statements that comes in this place of the order in which they are rewritten. */
function nth(module: Module, kind: 'stmts', at: number): readonly Stmt[] | undefined
function nth(module: Module, kind: 'expr', at: number): Expr | undefined
function nth(module: Module, kind: 'stmts' | 'expr', at: number): readonly Stmt[] | Expr | undefined {
  let found: readonly Stmt[] | Expr | undefined
  let count = 0
  const see = <T extends readonly Stmt[] | Expr>(part: T): T => {
    if (count++ === at) found = part
    return part
  }
  rewriteModule(module, kind === 'expr' ? { expr: see } : { stmts: see })
  return found
}

function replaceList(module: Module, at: number, change: (list: readonly Stmt[]) => readonly Stmt[]): Module {
  let count = 0
  return rewriteModule(module, { stmts: (list) => (count++ === at ? change(list) : list) })
}

function replaceExpr(module: Module, at: number, other: Expr): Module {
  let count = 0
  return rewriteModule(module, { expr: (expr) => (count++ === at ? other : expr) })
}

/** How much there is in a module, in which every shrinking step makes less of something. */
function sizeOf(module: Module): number {
  let size = 2 * module.globals.length + module.objects.reduce((sum, def) => sum + 2 + def.fields.length, 0)
  for (const func of module.funcs) {
    size += 4 + func.params.length + func.captures.length + func.locals.length
    for (const node of eachNode(func.body)) size += weightOf(node)
  }
  return size
}

function weightOf(node: Expr | Stmt): number {
  if (node.kind === 'expr') return 3
  if (node.kind === 'loop') return node.post ? 5 : 4
  if (node.kind !== 'const') return 4
  const { value } = node
  if (typeof value === 'string') return 1 + Math.min(2, value.length / 100)
  return typeof value === 'number' && value !== 0 ? 1.5 : 1
}

function withoutSpans(module: Module): Module {
  const bare = rewriteModule(module, {
    stmts: (list) => list.map((stmt) => ({ ...stmt, span: NO_SPAN })),
  })
  const exprs = stripExprs(bare)
  return { ...exprs, files: [], funcs: exprs.funcs.map((func) => ({ ...func, span: NO_SPAN })) }
}

/** From the outside in, since an expression that was changed is not looked into. */
function stripExprs(module: Module): Module {
  let stripped = module
  for (let isDone = false; !isDone;) {
    isDone = true
    stripped = rewriteModule(stripped, {
      expr: (expr) => {
        if (expr.span.file < 0) return expr
        isDone = false
        return { ...expr, span: NO_SPAN }
      },
    })
  }
  return stripped
}
