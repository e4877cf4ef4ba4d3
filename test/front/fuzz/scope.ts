import { makeRandom, type Random } from '../random.ts'
import { pick, type Choice, type Cls, type Rec, type Ty } from './types.ts'

export type Variable = { readonly name: string; readonly ty: Ty; readonly assignable: boolean }
export type Callable = {
  readonly name: string
  readonly params: readonly Ty[]
  readonly result: Ty
  readonly rest?: Ty
  readonly defaulted?: boolean
}

/** A generator or an async function of the program. */
export type Resumable = {
  readonly name: string
  readonly kind: 'generator' | 'async'
  readonly params: readonly Ty[]
  /** What a generator yields. */
  readonly elem: Ty
  readonly result: Ty
}

/** Kinds of declarations that a program may have. */
const PARTS = ['records', 'choices', 'classes', 'errors', 'globals', 'functions', 'generators', 'async'] as const
export type Part = (typeof PARTS)[number]
/** Kinds of types that a program may have beside the plain ones. */
const KINDS = ['either', 'tuple', 'maybe', 'map', 'set', 'dict', 'any', 'func'] as const

/** How much a program has: expressions, those of one function, declarations of each kind, statements of the entry. Most are small, so that there are many. */
const SIZES = [
  { budget: 50, body: 12, parts: 2, statements: 2 },
  { budget: 50, body: 12, parts: 2, statements: 3 },
  { budget: 80, body: 16, parts: 2, statements: 3 },
  { budget: 80, body: 16, parts: 2, statements: 4 },
  { budget: 120, body: 25, parts: 2, statements: 4 },
  { budget: 400, body: 40, parts: 3, statements: 5 },
] as const

/** Of which many go into one file. */
export const SMALL_SIZES = [
  { budget: 6, body: 4, parts: 1, statements: 1 },
  { budget: 8, body: 4, parts: 1, statements: 1 },
  { budget: 10, body: 6, parts: 1, statements: 1 },
  { budget: 14, body: 6, parts: 1, statements: 2 },
] as const

export type Size = (typeof SIZES | typeof SMALL_SIZES)[number]

/** Programs that share a file have names of their own, from so many on. */
const NAMES_EACH = 10_000

/** What a generator knows at a point of the program: names, and how much it may still write. */
export class Scope {
  readonly random: Random
  readonly size: Size
  /** Each program has a part of all features, so that what it has meets more often (swarm testing: A. Groce et al., ISSTA 2012). */
  readonly parts: ReadonlySet<Part>
  readonly kinds: ReadonlySet<Ty['kind']>
  readonly recs: Rec[] = []
  readonly classes: Cls[] = []
  /** Classes that extend errors, of which Node prints the stack. */
  readonly errors: Cls[] = []
  readonly choices: Choice[] = []
  readonly callables: Callable[] = []
  readonly globals: Variable[] = []
  readonly resumables: Resumable[] = []
  /** What the function being made may yield. */
  yields: Ty | null = null
  /** Whether the function being made is async. */
  awaits = false
  variables: Variable[] = []
  labels: string[] = []
  result: Ty | null = null
  loops = 0
  /** Expressions that may still be made before only leaves are. */
  budget = 0
  #names: number

  /** `place`: which program of its file it is. */
  constructor(seed: number, sizes: readonly Size[] = SIZES, place = 0) {
    this.#names = place * NAMES_EACH
    this.random = makeRandom(seed)
    for (let i = 0; i < 5; i++) this.random.fraction()
    this.size = sizes[seed % sizes.length]!
    const share = this.pick([30, 50, 80])
    const isSmall = sizes !== SIZES
    this.parts = new Set(
      isSmall ? [this.pick(PARTS)].filter(() => this.chance(20)) : PARTS.filter(() => this.chance(share)),
    )
    this.kinds = new Set(KINDS.filter(() => this.chance(share)))
  }

  below(limit: number): number {
    return this.random.below(limit)
  }

  chance(percent: number): boolean {
    return this.random.below(100) < percent
  }

  pick<T>(items: readonly T[]): T {
    return pick(this.random, items)
  }

  fresh(prefix: string): string {
    return `${prefix}${++this.#names}`
  }

  declare(name: string, ty: Ty, assignable = false): void {
    this.variables.push({ name, ty, assignable })
  }

  /** The innermost variable of each name, in no shadowed form. */
  visible(): Variable[] {
    return [...new Map([...this.globals, ...this.variables].map((v) => [v.name, v])).values()]
  }

  /** Runs `make` with variables and labels that end with it. */
  within<T>(make: () => T): T {
    const { variables, labels } = this
    this.variables = [...variables]
    this.labels = [...labels]
    const made = make()
    this.variables = variables
    this.labels = labels
    return made
  }

  /** Runs `make` with expressions for one function, which are taken from those of the program. */
  bounded<T>(make: () => T): T {
    const { budget } = this
    const own = Math.min(budget, this.size.body)
    this.budget = own
    const made = make()
    this.budget += budget - own
    return made
  }

  /** As `within`, inside a new function: no loop of the outside can be left, and `result` is returned. */
  inFunction<T>(result: Ty | null, make: () => T): T {
    const { loops, result: outer } = this
    this.loops = 0
    this.result = result
    const made = this.plain(() =>
      this.within(() => {
        this.labels = []
        return make()
      }),
    )
    this.loops = loops
    this.result = outer
    return made
  }

  /** Runs `make` where nothing can stop: in a function that is neither a generator nor async. */
  plain<T>(make: () => T): T {
    const { yields, awaits } = this
    this.yields = null
    this.awaits = false
    const made = make()
    this.yields = yields
    this.awaits = awaits
    return made
  }
}
