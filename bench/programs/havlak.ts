/** Finds the loops of n generated control flow graphs, with Paul Havlak's algorithm for reducible and irreducible loops. */
class Block {
  readonly id: number
  readonly successors: Block[] = []
  readonly predecessors: Block[] = []

  constructor(id: number) {
    this.id = id
  }
}

class Random {
  private seed: number

  constructor(seed: number) {
    this.seed = seed
  }

  below(bound: number): number {
    this.seed = (this.seed * 16807) % 2147483647
    return this.seed % bound
  }
}

type LoopKind = 'reducible' | 'self' | 'irreducible'

interface Counts {
  reducible: number
  self: number
  irreducible: number
  deepest: number
}

const noLoops = (): Counts => ({ reducible: 0, self: 0, irreducible: 0, deepest: 0 })

/** Makes a graph out of statements and counts the loops that it puts there. */
class GraphBuilder {
  readonly blocks: Block[] = []
  readonly made = noLoops()
  private readonly random: Random

  constructor(seed: number) {
    this.random = new Random(seed)
  }

  build(): Block {
    const entry = this.makeBlock()
    this.makeBlock(this.addSequence(entry, 0, 0))
    return entry
  }

  private makeBlock(...predecessors: Block[]): Block {
    const block = new Block(this.blocks.length)
    this.blocks.push(block)
    for (const predecessor of predecessors) this.connect(predecessor, block)
    return block
  }

  private connect(from: Block, to: Block): void {
    from.successors.push(to)
    to.predecessors.push(from)
  }

  /** Adds statements after a block; gives the block after them. */
  private addSequence(from: Block, nesting: number, loops: number): Block {
    let last = from
    const length = 2 + this.random.below(3)
    for (let i = 0; i < length; i++) last = this.addStatement(last, nesting, loops)
    return last
  }

  private addStatement(from: Block, nesting: number, loops: number): Block {
    const choice = this.random.below(nesting >= 5 ? 3 : 10)
    if (choice === 0) return this.makeBlock(from)
    if (choice === 1) return this.addSelfLoop(from, loops)
    if (choice === 2) return this.addIrreducible(from, loops)
    if (choice < 7) return this.addWhile(from, nesting, loops)
    return this.addIf(from, nesting, loops)
  }

  private addIf(from: Block, nesting: number, loops: number): Block {
    const yes = this.addSequence(this.makeBlock(from), nesting + 1, loops)
    const no = this.random.below(2) === 0 ? from : this.addSequence(this.makeBlock(from), nesting + 1, loops)
    return this.makeBlock(yes, no)
  }

  private addWhile(from: Block, nesting: number, loops: number): Block {
    this.count('reducible', loops)
    const header = this.makeBlock(from)
    const body = this.addSequence(this.makeBlock(header), nesting + 1, loops + 1)
    this.connect(body, header)
    // A `continue` at times.
    if (this.random.below(3) === 0) this.connect(this.makeBlock(header), header)
    return this.makeBlock(header)
  }

  private addSelfLoop(from: Block, loops: number): Block {
    this.count('self', loops)
    const block = this.makeBlock(from)
    this.connect(block, block)
    return this.makeBlock(block)
  }

  /** Two blocks that lead to each other and are both entered from outside. */
  private addIrreducible(from: Block, loops: number): Block {
    this.count('irreducible', loops)
    const first = this.makeBlock(from)
    const second = this.makeBlock(from, first)
    this.connect(second, first)
    return this.makeBlock(second)
  }

  private count(kind: LoopKind, loops: number): void {
    this.made[kind]++
    this.made.deepest = Math.max(this.made.deepest, loops + 1)
  }
}

class Loop {
  readonly header: Block
  readonly kind: LoopKind
  readonly blocks: Block[] = []
  readonly children: Loop[] = []

  constructor(header: Block, kind: LoopKind) {
    this.header = header
    this.kind = kind
  }

  depth(): number {
    return 1 + this.children.reduce((deepest, child) => Math.max(deepest, child.depth()), 0)
  }
}

/** A block in the order of a depth-first search, and the loop it is part of so far: a set of a union-find structure. */
class Visit {
  readonly block: Block
  readonly number: number
  /** The number of the last descendant. */
  last: number
  parent: Visit | null = null
  loop: Loop | null = null
  isNested = false
  readonly backward = new Set<Visit>()
  readonly forward = new Set<Visit>()

  constructor(block: Block, number: number) {
    this.block = block
    this.number = number
    this.last = number
  }

  isAncestorOf(other: Visit): boolean {
    return this.number <= other.number && other.number <= this.last
  }

  /** The header of the outermost loop so far that has this block, with the path to it made short. */
  find(): Visit {
    let root: Visit = this
    while (root.parent !== null) root = root.parent
    let at: Visit = this
    while (at.parent !== null && at.parent !== root) {
      const next: Visit = at.parent
      at.parent = root
      at = next
    }
    return root
  }
}

class LoopFinder {
  private readonly visits: Visit[] = []
  private readonly visitOf = new Map<Block, Visit>()
  readonly loops: Loop[] = []

  constructor(entry: Block) {
    this.search(entry)
    this.sortEdges()
    for (let i = this.visits.length - 1; i >= 0; i--) this.examine(this.visits[i])
  }

  private search(block: Block): Visit {
    const visit = new Visit(block, this.visits.length)
    this.visits.push(visit)
    this.visitOf.set(block, visit)
    for (const next of block.successors) if (!this.visitOf.has(next)) this.search(next)
    visit.last = this.visits.length - 1
    return visit
  }

  private sortEdges(): void {
    for (const visit of this.visits) {
      for (const block of visit.block.predecessors) {
        const from = this.visitOf.get(block)
        if (from === undefined) continue
        if (visit.isAncestorOf(from)) visit.backward.add(from)
        else visit.forward.add(from)
      }
    }
  }

  /** Collects the loop that a block heads, if it does: what reaches the sources of its back edges without passing it. */
  private examine(header: Visit): void {
    const body = new Set<Visit>()
    let kind: LoopKind | undefined
    for (const from of header.backward) {
      if (from === header) kind = 'self'
      else body.add(from.find())
    }
    if (body.size > 0) kind = this.grow(header, body) ? 'reducible' : 'irreducible'
    if (kind !== undefined) this.close(header, body, kind)
  }

  /** Adds to the body whatever leads into it; false when something does that the header does not dominate. */
  private grow(header: Visit, body: Set<Visit>): boolean {
    let isReducible = true
    const pending = [...body]
    while (pending.length > 0) {
      const visit = pending.pop()!
      for (const predecessor of visit.forward) {
        const from = predecessor.find()
        if (!header.isAncestorOf(from)) {
          isReducible = false
          header.forward.add(from)
        } else if (from !== header && !body.has(from)) {
          body.add(from)
          pending.push(from)
        }
      }
    }
    return isReducible
  }

  private close(header: Visit, body: Set<Visit>, kind: LoopKind): void {
    const loop = new Loop(header.block, kind)
    for (const visit of body) {
      visit.parent = header
      if (visit.loop === null) {
        loop.blocks.push(visit.block)
      } else {
        visit.isNested = true
        loop.children.push(visit.loop)
      }
    }
    header.loop = loop
    this.loops.push(loop)
  }

  count(): Counts {
    const counts = noLoops()
    for (const { kind } of this.loops) counts[kind]++
    for (const { loop, isNested } of this.visits) {
      if (loop !== null && !isNested) counts.deepest = Math.max(counts.deepest, loop.depth())
    }
    return counts
  }
}

function describe({ reducible, self, irreducible, deepest }: Counts): string {
  return `${reducible} reducible, ${self} of one block, ${irreducible} irreducible, ${deepest} deep`
}

/** A checksum of the loops of all graphs; a graph whose loops are not those that were put there ends the run. */
export function run(n: number): number {
  let sum = 0
  for (let seed = 1; seed <= n; seed++) {
    const builder = new GraphBuilder(seed * 7919)
    const finder = new LoopFinder(builder.build())
    const made = describe(builder.made)
    const found = describe(finder.count())
    if (found !== made) throw new Error(`graph ${seed} has loops ${made}; found were ${found}`)
    for (const { header, blocks } of finder.loops) sum = (sum * 31 + header.id + blocks.length) % 1000003
  }
  return sum
}
