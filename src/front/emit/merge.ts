import { formatType, type Expr, type Func, type Module, type OpName, type Stmt, type Type } from '../../ir/index.ts'

/**
 * Makes one of functions that are equal but for their places in the source: most copies of prelude and generic
 * functions turn out alike. Functions are taken to be equal until something tells them apart, so that equal cycles
 * of calls merge too (partition refinement, J. Hopcroft 1971).
 *
 * ensures: entries, init and the meaning of the module stay; spans are those of the first copy.
 */
export function mergeFunctions(module: Module): Module {
  const outlines = outlinesOf(module)
  const classes = refine(outlines)
  const first = new Map<number, number>()
  classes.forEach((cls, i) => first.has(cls) || first.set(cls, i))
  if (first.size === module.funcs.length) return module
  const kept = [...first.values()].sort((a, b) => a - b)
  const position = new Map(kept.map((from, i) => [from, i]))
  const rename = (func: number): number => position.get(first.get(classes[func] ?? -1) ?? -1) ?? 0
  return {
    ...module,
    init: rename(module.init),
    entries: module.entries.map((entry) => ({ ...entry, func: rename(entry.func) })),
    funcs: kept.map((from) => ({
      ...(module.funcs[from] as Func),
      body: renameTree(module.funcs[from]?.body ?? [], rename),
    })),
  }
}

/** A function without spans, names of locals and the functions that it names; and these, in order. */
type Outline = { readonly text: string; readonly callees: readonly number[] }

/** Only copies of one function of the source can be equal: others are told apart without a look at their bodies. */
function outlinesOf(module: Module): Outline[] {
  const keys = module.funcs.map(
    ({ name, span, params, result }) =>
      `${span.file} ${span.start} ${span.end} ${name} ${textOf(result)} ${params.map((p) => textOf(p.type)).join()}`,
  )
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return module.funcs.map((func, i) => {
    const single = counts.get(keys[i] ?? '') === 1 || i === module.init
    return single ? { text: `only ${i}`, callees: [] } : outlineOf(func)
  })
}

/** Class numbers such that two functions share one when their outlines agree and they name functions of the same classes. */
function refine(outlines: readonly Outline[]): number[] {
  let classes = numberBy(outlines.map((o) => o.text))
  for (;;) {
    const known = classes
    const next = numberBy(outlines.map((o, i) => `${known[i]}:${o.callees.map((callee) => known[callee]).join(',')}`))
    if (new Set(next).size === new Set(classes).size) return next
    classes = next
  }
}

function numberBy(keys: readonly string[]): number[] {
  const numbers = new Map<string, number>()
  return keys.map((key) => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    return numbers.size - 1
  })
}

const typeTexts = new WeakMap<Type, string>()

function textOf(type: Type): string {
  const known = typeTexts.get(type)
  if (known !== undefined) return known
  const text = formatType(type)
  typeTexts.set(type, text)
  return text
}

function outlineOf(func: Func): Outline {
  const out: string[] = [JSON.stringify(func.name), textOf(func.result)]
  const callees: number[] = []
  for (const list of [func.params, func.captures, func.locals])
    out.push('|', ...list.map((local) => textOf(local.type)))
  write(func.body, out, callees)
  return { text: out.join(' '), callees }
}

/** Writes a statement, an expression or a list of them; members are written in the order in which the emitter sets them. */
function write(node: unknown, out: string[], callees: number[]): void {
  if (Array.isArray(node)) {
    out.push('[')
    for (const child of node) write(child, out, callees)
    out.push(']')
  } else if (typeof node === 'object' && node !== null) writeTree(node as Stmt | Expr, out, callees)
  else out.push(typeof node === 'string' ? JSON.stringify(node) : Object.is(node, -0) ? '-0' : String(node))
}

function writeTree(tree: Stmt | Expr, out: string[], callees: number[]): void {
  const named = calleesOf(tree)
  callees.push(...named)
  out.push('{')
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    if (key === 'span' || (named.length > 0 && (key === 'func' || key === 'imm'))) continue
    out.push(key)
    if (key === 'type') out.push(textOf(value as Type))
    else if (key === 'imm') for (const imm of value as readonly unknown[]) writeImmediate(imm, out)
    else write(value, out, callees)
  }
  out.push('}')
}

function writeImmediate(imm: unknown, out: string[]): void {
  if (typeof imm === 'object' && imm !== null && 'kind' in imm) out.push(textOf(imm as Type))
  else out.push(JSON.stringify(imm))
}

const namesFunction = (name: OpName): boolean => name === 'closure.new' || name === 'closure.is'

/** The functions that a node itself names. */
function calleesOf(tree: Stmt | Expr): readonly number[] {
  if (tree.kind === 'call') return [tree.func]
  return tree.kind === 'op' && namesFunction(tree.op) ? [tree.imm[0] as number] : []
}

/** A tree with its calls renamed; parts without calls are shared. */
function renameTree<T>(node: T, rename: (func: number) => number): T {
  if (node === null || typeof node !== 'object') return node
  return (Array.isArray(node) ? renameList(node, rename) : renameNode(node as unknown as Stmt | Expr, rename)) as T
}

function renameList(list: readonly unknown[], rename: (func: number) => number): readonly unknown[] {
  let renamed: unknown[] | undefined
  for (let i = 0; i < list.length; i++) {
    const child = renameTree(list[i], rename)
    if (child !== list[i]) (renamed ??= [...list])[i] = child
  }
  return renamed ?? list
}

function renameNode(node: Stmt | Expr, rename: (func: number) => number): Stmt | Expr {
  let renamed: Record<string, unknown> | undefined
  for (const key of Object.keys(node)) {
    if (key === 'span' || key === 'type' || key === 'imm') continue
    const value = (node as unknown as Record<string, unknown>)[key]
    const child = renameTree(value, rename)
    if (child !== value) (renamed ??= { ...node })[key] = child
  }
  const tree = (renamed ?? node) as Stmt | Expr
  if (tree.kind === 'call') return { ...tree, func: rename(tree.func) }
  if (tree.kind === 'op' && namesFunction(tree.op)) return { ...tree, imm: tree.imm.map((i) => rename(i as number)) }
  return tree
}
