import { eachNode, nodesOf, type Expr, type Func, type Module, type Node } from '../ir/index.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>
type Seq = Extract<Expr, { kind: 'seq' }>

/**
 * The fields that every object of a definition has when anything but its own making can see it: those that `object.new` lists
 * and, of an object that is handed at once to a function that makes it up (`seq { o = object.new[C](); do call f(o, ...) } o`),
 * those that this function sets before it does anything else with the object.
 *
 * requires: a checked module
 * ensures: by definition, numbers of fields that are set whenever one is read outside of their making; linear in the size
 * of the module
 */
export function findSetFields(module: Module): readonly ReadonlySet<number>[] {
  const found = new Array<ReadonlySet<number> | undefined>(module.objects.length)
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
        note(making.made, setFirst(module.funcs[making.maker]!, making.made.imm[0] as number))
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

/** The fields of its first parameter that a function sets before anybody else can see it. */
function setFirst(func: Func, id: number): Iterable<number> {
  const found = new Set<number>()
  for (const stmt of func.body) {
    const op = stmt.kind === 'expr' && stmt.expr.kind === 'op' ? stmt.expr : undefined
    const isSetting = op?.op === 'object.set' && op.imm[0] === id && isLocal(op.args[0], 0) && !isAbout(op.args[1]!)
    if (isSetting) found.add(op.imm[1] as number)
    else if (isAbout(stmt)) break
  }
  return found
}

/** Whether a node mentions the first parameter, or may leave out what follows. */
function isAbout(node: Node): boolean {
  for (const inner of eachNode([node])) {
    if (inner.kind === 'return') return true
    if ((inner.kind === 'local' || inner.kind === 'set') && inner.local === 0) return true
  }
  return false
}

/** By local, how often a function reads or sets it. */
function countMentions(func: Func): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const node of nodesOf(func))
    if (node.kind === 'local' || node.kind === 'set') counts.set(node.local, (counts.get(node.local) ?? 0) + 1)
  return counts
}
