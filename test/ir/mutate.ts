import {
  childrenOf,
  eachNode,
  isExpr,
  sameType,
  type Expr,
  type Func,
  type Module,
  type Node,
  type Stmt,
} from '../../src/ir/index.ts'
import type { Random } from './random.ts'

/**
 * A copy of a module in which parts of one function were put elsewhere, taken out, given other numbers or other
 * types. It may break every rule of the checker, or none.
 */
export function mutateModule(module: Module, random: Random): Module {
  const at = random.int(module.funcs.length)
  const pool = module.funcs.flatMap((func) => [...eachNode(func.body)])
  let func = module.funcs[at]!
  for (let i = random.int(3); i >= 0; i--) func = new Mutator(func, pool, random).mutate()
  return { ...module, funcs: module.funcs.with(at, func) }
}

class Mutator {
  readonly #func: Func
  readonly #exprs: readonly Expr[]
  readonly #stmts: readonly Stmt[]
  readonly #random: Random
  readonly #target: Node | undefined

  constructor(func: Func, pool: readonly Node[], random: Random) {
    this.#func = func
    this.#exprs = pool.filter(isExpr)
    this.#stmts = pool.filter((node) => !isExpr(node))
    this.#random = random
    const nodes = [...eachNode(func.body)]
    this.#target = nodes.length > 0 ? random.pick(nodes) : undefined
  }

  mutate(): Func {
    if (this.#random.oneIn(6)) return { ...this.#func, locals: this.#func.locals.map((local) => this.#retype(local)) }
    return { ...this.#func, body: this.#copyAll(this.#func.body) }
  }

  #retype(local: Func['locals'][number]): Func['locals'][number] {
    return this.#random.oneIn(4) ? { ...local, type: this.#random.pick(this.#exprs).type } : local
  }

  #copyAll(body: readonly Stmt[]): Stmt[] {
    return body.flatMap((stmt): Stmt[] => {
      if (stmt !== this.#target || this.#random.oneIn(3)) return [this.#copy(stmt) as Stmt]
      const other = this.#random.pick(this.#stmts)
      return this.#random.pick([[], [other], [other, stmt], [stmt, other]])
    })
  }

  /** The node with the target in it changed. Members are nodes, lists of nodes, cases, or plain. */
  #copy(node: Node): Node {
    if (node === this.#target) return isExpr(node) ? this.#changeExpr(node) : (this.#renumber(node) as Node)
    if (childrenOf(node).length === 0) return node
    return this.#copyMembers(node) as Node
  }

  #copyMembers(value: object): object {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.#copyMember(key, member)]))
  }

  #copyMember(key: string, member: unknown): unknown {
    if (key === 'type' || key === 'span' || key === 'imm' || typeof member !== 'object' || member === null)
      return member
    if (!Array.isArray(member)) return 'kind' in member ? this.#copy(member as Node) : this.#copyMembers(member)
    const isBody = member.length > 0 && member.every((item: Node) => 'kind' in item && !isExpr(item))
    return isBody ? this.#copyAll(member as Stmt[]) : member.map((item: object) => this.#copyMember('', item))
  }

  /** Another expression, mostly of the same type, or the same with other numbers. */
  #changeExpr(expr: Expr): Expr {
    const { oneIn, pick } = this.#random
    if (oneIn(3)) return this.#renumber(expr) as Expr
    const same = oneIn(4) ? this.#exprs : this.#exprs.filter((other) => sameType(other.type, expr.type))
    return same.length > 0 ? pick(same) : expr
  }

  #renumber(node: Node): object {
    const { int } = this.#random
    const small = (value: unknown): unknown => (typeof value === 'number' ? int(5) : value)
    const changed = ['local', 'label', 'func'].flatMap((key) => (key in node ? [[key, int(8)]] : []))
    const imm = node.kind === 'op' ? { imm: node.imm.map(small) } : {}
    return { ...node, ...Object.fromEntries(changed), ...imm }
  }
}
