import { eachNode, nodesOf, type Expr, type Func, type Module, type Node } from '../ir/index.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>
type Seq = Extract<Expr, { kind: 'seq' }>

/**
 * The fields that every object of a definition has when anything but its own making can see it: those that `object.new` lists
 * and, of an object that is handed at once to a function that makes it up (`seq { o = object.new[C](); do call f(o, ...) } o`),
 * those that this function sets before anybody else can see it, the constructor of the base class included.
 *
 * requires: a checked module
 * ensures: by definition, numbers of fields that are set whenever one is read outside of their making; linear in the size
 * of the module
 */
export function findSetFields(module: Module): readonly ReadonlySet<number>[] {
  const found = new Array<ReadonlySet<number> | undefined>(module.objects.length)
  const makings = new Map<number, Making>()
  const note = (made: OpExpr, more: Iterable<number>): void => {
    const [id, fields] = made.imm as readonly [number, readonly number[]]
    const set = new Set([...fields, ...more])
    found[id] = found[id]?.intersection(set) ?? set
  }
  for (const func of module.funcs) {
    const mentions = countMentions(func)
    const atOnce = new Set<OpExpr>()
    for (const node of nodesOf(func)) {
      const making = node.kind === 'seq' ? makingOf(node, mentions) : undefined
      if (making) {
        atOnce.add(making.made)
        note(making.made, setFirst(module, making.maker, making.made.imm[0] as number, makings).fields)
      }
      if (node.kind === 'op' && node.op === 'object.new' && !atOnce.has(node)) note(node, [])
      // Errors that operations raise have name and message as well.
      if (node.kind === 'op' && node.op === 'error.new') found[node.imm[0] as number] = new Set([0, 1])
    }
  }
  return Array.from(found, (set) => set ?? new Set())
}

/** What a sequence makes and hands to a function at once, in a local that is mentioned nowhere else. */
function makingOf(
  { body, value }: Seq,
  mentions: ReadonlyMap<number, number>,
): { readonly made: OpExpr; readonly maker: number } | undefined {
  const [set, call] = body.slice(-2)
  if (set?.kind !== 'set' || set.value.kind !== 'op' || set.value.op !== 'object.new') return undefined
  if (call?.kind !== 'expr' || call.expr.kind !== 'call' || mentions.get(set.local) !== 3) return undefined
  const [self] = call.expr.args
  if (!isLocal(self, set.local) || !isLocal(value, set.local)) return undefined
  return { made: set.value, maker: call.expr.func }
}

const isLocal = (e: Expr | undefined, local: number): boolean => e?.kind === 'local' && e.local === local

/** What a function has set of its first parameter before anybody else can see that, and whether nobody has seen it when it returns. */
type Making = { readonly fields: ReadonlySet<number>; readonly isHidden: boolean }

const UNKNOWN: Making = { fields: new Set(), isHidden: false }

/** {@link Making} of each function, whose first parameter is an object of definition `id`; each function is looked at once. */
function setFirst(module: Module, maker: number, id: number, known: Map<number, Making>): Making {
  const found = known.get(maker)
  if (found) return found
  // What calls itself on the way is not looked into.
  known.set(maker, UNKNOWN)
  const fields = new Set<number>()
  const making: Making = { fields, isHidden: staysHidden(module, maker, id, fields, known) }
  known.set(maker, making)
  return making
}

/** Adds the fields that a function sets while nobody else can see the object; whether that is so until it returns. */
function staysHidden(
  module: Module,
  maker: number,
  id: number,
  fields: Set<number>,
  known: Map<number, Making>,
): boolean {
  for (const stmt of module.funcs[maker]!.body) {
    const expr = stmt.kind === 'expr' ? stmt.expr : undefined
    if (expr?.kind === 'op' && expr.op === 'object.set' && expr.imm[0] === id && isLocal(expr.args[0], 0)) {
      if (!isBlind(expr.args[1]!, id, fields)) return false
      fields.add(expr.imm[1] as number)
    } else if (expr?.kind === 'call' && isLocal(expr.args[0], 0)) {
      // The constructor of the base class.
      if (!expr.args.slice(1).every((arg) => isBlind(arg, id, fields))) return false
      const base = setFirst(module, expr.func, id, known)
      for (const field of base.fields) fields.add(field)
      if (!base.isHidden) return false
    } else if (stmt.kind === 'return') return isBlind(stmt.value, id, fields)
    else if (!isBlind(stmt, id, fields)) return false
  }
  return false
}

/**
 * Whether a node gives the first parameter to nobody, leaves out nothing of what follows, and reads no more of it than the fields that are
 * set by then.
 */
function isBlind(node: Node, id: number, fields: ReadonlySet<number>): boolean {
  let mentions = 0
  let reads = 0
  for (const inner of eachNode([node])) {
    if (inner.kind === 'return') return false
    if ((inner.kind === 'local' || inner.kind === 'set') && inner.local === 0) mentions++
    if (isRead(inner) && inner.imm[0] === id && fields.has(inner.imm[1] as number) && isLocal(inner.args[0], 0)) reads++
  }
  return mentions === reads
}

const isRead = (node: Node): node is OpExpr => node.kind === 'op' && node.op === 'object.get'

/** By local, how often a function reads or sets it. */
function countMentions(func: Func): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const node of nodesOf(func))
    if (node.kind === 'local' || node.kind === 'set') counts.set(node.local, (counts.get(node.local) ?? 0) + 1)
  return counts
}
