import { childrenOf, eachNode, localsOf, type Expr, type Func, type Node } from '../../ir/index.ts'
import type { Inlinable } from './inline.ts'

/** How many constants of loops a function may keep in registers. */
const HOISTED_MAX = 24

/** Operations whose instructions take a constant on the right as it is. */
const TAKES_CONSTANT: ReadonlySet<string> = new Set(
  ['add', 'sub', 'mul', 'div', 'rem', 'lt', 'le', 'gt', 'ge', 'eq', 'ne'].map((name) => `f64.${name}`),
)

/** And those that take one on the left. */
const TAKES_CONSTANT_FIRST: ReadonlySet<string> = new Set(['f64.sub', 'f64.div'])

function isImmediate({ op, args }: Extract<Expr, { kind: 'op' }>, i: number): boolean {
  return args[i].kind === 'const' && (i === 1 ? TAKES_CONSTANT : TAKES_CONSTANT_FIRST).has(op)
}

const NOTHING: ReadonlySet<number> = new Set()

/** What one walk over a function finds out before code is made. */
export type Survey = {
  /** Constants inside loops, which are worth a register of their own. */
  readonly loopConstants: readonly (number | string)[]
  /** Locals that may be read before they are set: they start as the zero of their type. */
  readonly needZero: ReadonlySet<number>
  /** Locals that are another name for a local as long as they are used; by local the other. */
  readonly aliases: ReadonlyMap<number, number>
  assignedIn(e: Expr): ReadonlySet<number>
}

export function surveyFunction(func: Func, inlinable: Inlinable): Survey {
  const walk = new Walk(localsOf(func).length, inlinable)
  walk.list(func.body)
  const first = func.params.length + func.captures.length
  return {
    aliases: walk.settleAliases(first),
    loopConstants: [...walk.constants].slice(0, HOISTED_MAX),
    needZero: new Set([...walk.exposed].filter((local) => local >= first)),
    assignedIn: walk.hasSeq ? assignments() : () => NOTHING,
  }
}

/**
 * A local need not be zeroed when its first occurrence sets it, and all others are in the same
 * list of statements, behind it or deeper: then the setting dominates them. The walk is in
 * order, so this holds while the list of the first occurrence is still open.
 */
class Walk {
  readonly constants = new Set<number | string>()
  readonly exposed = new Set<number>()
  readonly aliases = new Map<number, number>()
  /** Of an alias: how many loops were around when it was made. -1: what it stands for was set since. */
  readonly #aliasLoops = new Map<number, number>()
  /** By local: its aliases that are still good. */
  readonly #aliasesOf = new Map<number, number[]>()
  readonly #usedInLoops = new Set<number>()
  /** Of an alias: how often what it stands for had been set when it was made. */
  readonly #setsBefore = new Map<number, number>()
  /** Of an alias of an alias: the one between, without which it means nothing. */
  readonly #through = new Map<number, number>()
  hasSeq = false
  #loops = 0
  #lists = 0
  readonly #open: number[] = []
  /** By local: 0 not seen, otherwise the list whose statement set it first. */
  readonly #home: Int32Array
  /** By local: how many statements set it. */
  readonly #sets: Int32Array
  readonly #inlinable: Inlinable

  constructor(locals: number, inlinable: Inlinable) {
    this.#inlinable = inlinable
    this.#home = new Int32Array(locals)
    this.#sets = new Int32Array(locals)
  }

  /** `caught`: the local that a catch sets before the list begins. */
  list(nodes: readonly Node[], caught?: number): void {
    this.#open.push(++this.#lists)
    if (caught !== undefined) this.#see(caught, true)
    for (const node of nodes) this.#node(node)
    this.#open.pop()
  }

  #node(node: Node): void {
    switch (node.kind) {
      case 'const':
        this.#constant(node)
        return
      case 'local':
        this.#see(node.local, false)
        return
      case 'set':
        this.#node(node.value)
        this.#see(node.local, true)
        if (node.value.kind === 'local') this.#alias(node.local, node.value.local)
        return
      case 'loop':
        this.#loops++
        if (node.test) this.list([node.test])
        this.list(node.body)
        this.list(node.update)
        this.#loops--
        return
      default:
        this.#rest(node)
    }
  }

  #rest(node: Node): void {
    switch (node.kind) {
      case 'seq':
        this.hasSeq = true
        this.list([...node.body, node.value])
        return
      case 'if':
        this.#node(node.test)
        this.list(node.then)
        this.list(node.else)
        return
      case 'cond':
        this.#node(node.test)
        this.list([node.then])
        this.list([node.else])
        return
      case 'block':
        this.list(node.body)
        return
      case 'switch':
        this.#node(node.subject)
        for (const { test } of node.cases) if (test) this.list([test])
        for (const { body } of node.cases) this.list(body)
        return
      case 'try':
        this.list(node.body)
        if (node.catch) this.list(node.catch.body, node.catch.local)
        this.list(node.finally ?? [])
        return
      case 'op':
        node.args.forEach((arg, i) => {
          if (!isImmediate(node, i)) this.#node(arg)
        })
        return
      case 'call':
        for (const arg of node.args) this.#node(arg)
        this.#inlined(node.func)
        return
      default:
        for (const child of childrenOf(node)) this.#node(child)
    }
  }

  /** Constants of a body that is contained in place. */
  #inlined(func: number): void {
    const body = this.#loops > 0 ? this.#inlinable(func) : undefined
    if (!body) return
    for (const node of eachNode([body])) {
      if (node.kind === 'op')
        node.args.forEach((arg, i) => arg.kind === 'const' && !isImmediate(node, i) && this.#constant(arg))
      else if (node.kind === 'call') this.#inlined(node.func)
    }
  }

  #constant({ value, type }: Extract<Expr, { kind: 'const' }>): void {
    if (this.#loops === 0) return
    if (type.kind === 'string' || type.kind === 'f64') this.constants.add(value as string | number)
  }

  /**
   * `set t = local x`: from here on `t` is another name for `x`, if it is set here only, and every use
   * comes before `x` is set again, also in a further loop, where a later round might see `x` changed.
   */
  #alias(local: number, to: number): void {
    const source = this.aliases.get(to) ?? to
    if (this.#sets[local] > 1 || source === local) return
    this.aliases.set(local, source)
    this.#aliasesOf.set(source, [...(this.#aliasesOf.get(source) ?? []), local])
    if (source !== to) this.#through.set(local, to)
    this.#aliasLoops.set(local, this.#loops)
    this.#setsBefore.set(local, this.#sets[source])
  }

  /** An alias of what is no alias after all is none either. */
  #drop(alias: number): void {
    if (!this.aliases.delete(alias)) return
    for (const [other, between] of this.#through) if (between === alias) this.#drop(other)
  }

  #checkAliases(local: number, sets: boolean): void {
    if (sets) {
      if (++this.#sets[local] > 1) this.#drop(local)
      for (const alias of this.#aliasesOf.get(local) ?? []) this.#aliasLoops.set(alias, -1)
      this.#aliasesOf.delete(local)
      return
    }
    const loops = this.#aliasLoops.get(local)
    if (loops === -1) this.#drop(local)
    else if (loops !== undefined && loops !== this.#loops) this.#usedInLoops.add(local)
  }

  /** What holds at the end: of sources that are never set after it, an alias may be used in loops. */
  settleAliases(first: number): ReadonlyMap<number, number> {
    for (const [alias, source] of this.aliases) {
      const isLoose = this.#usedInLoops.has(alias) && this.#sets[source] !== this.#setsBefore.get(alias)
      if (isLoose || alias < first || this.exposed.has(alias)) this.#drop(alias)
    }
    return this.aliases
  }

  #see(local: number, sets: boolean): void {
    this.#checkAliases(local, sets)
    const home = this.#home[local]
    if (home === 0 && sets) this.#home[local] = this.#open[this.#open.length - 1]
    else if (home === 0 || !this.#open.includes(home)) this.exposed.add(local)
  }
}

/** Remembers what it found, since operands are asked about again at each level around them. */
function assignments(): (e: Expr) => ReadonlySet<number> {
  const known = new Map<Expr, ReadonlySet<number>>()
  return (e) => {
    let found = known.get(e)
    if (!found) {
      const set = new Set<number>()
      for (const node of eachNode([e])) if (node.kind === 'set') set.add(node.local)
      known.set(e, (found = set.size > 0 ? set : NOTHING))
    }
    return found
  }
}
