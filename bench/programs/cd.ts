/** Detects collisions of aircraft in n frames of a simulated radar: positions in a balanced tree, motions in a grid of cells. */
class Vector {
  readonly x: number
  readonly y: number
  readonly z: number

  constructor(x: number, y: number, z: number) {
    this.x = x
    this.y = y
    this.z = z
  }

  plus(other: Vector): Vector {
    return new Vector(this.x + other.x, this.y + other.y, this.z + other.z)
  }

  minus(other: Vector): Vector {
    return new Vector(this.x - other.x, this.y - other.y, this.z - other.z)
  }

  times(factor: number): Vector {
    return new Vector(this.x * factor, this.y * factor, this.z * factor)
  }

  dot(other: Vector): number {
    return this.x * other.x + this.y * other.y + this.z * other.z
  }

  length(): number {
    return Math.sqrt(this.dot(this))
  }
}

class Node<K, V> {
  readonly key: K
  value: V
  height = 1
  left: Node<K, V> | null = null
  right: Node<K, V> | null = null

  constructor(key: K, value: V) {
    this.key = key
    this.value = value
  }
}

/** A map in the order of its keys: a search tree that is balanced as Adelson-Velsky and Landis do. */
class TreeMap<K, V> {
  private root: Node<K, V> | null = null
  private readonly compare: (a: K, b: K) => number
  size = 0

  constructor(compare: (a: K, b: K) => number) {
    this.compare = compare
  }

  get(key: K): V | undefined {
    let node = this.root
    while (node !== null) {
      const order = this.compare(key, node.key)
      if (order === 0) return node.value
      node = order < 0 ? node.left : node.right
    }
    return undefined
  }

  set(key: K, value: V): void {
    this.root = this.insert(this.root, key, value)
  }

  delete(key: K): void {
    this.root = this.remove(this.root, key)
  }

  forEach(visit: (value: V, key: K) => void): void {
    const walk = (node: Node<K, V> | null): void => {
      if (node === null) return
      walk(node.left)
      visit(node.value, node.key)
      walk(node.right)
    }
    walk(this.root)
  }

  private insert(node: Node<K, V> | null, key: K, value: V): Node<K, V> {
    if (node === null) {
      this.size++
      return new Node(key, value)
    }
    const order = this.compare(key, node.key)
    if (order === 0) {
      node.value = value
      return node
    }
    if (order < 0) node.left = this.insert(node.left, key, value)
    else node.right = this.insert(node.right, key, value)
    return this.balance(node)
  }

  private remove(node: Node<K, V> | null, key: K): Node<K, V> | null {
    if (node === null) return null
    const order = this.compare(key, node.key)
    if (order < 0) node.left = this.remove(node.left, key)
    else if (order > 0) node.right = this.remove(node.right, key)
    else {
      this.size--
      return this.join(node.left, node.right)
    }
    return this.balance(node)
  }

  /** The tree of two trees of which all keys of the first are less. */
  private join(left: Node<K, V> | null, right: Node<K, V> | null): Node<K, V> | null {
    if (left === null) return right
    if (right === null) return left
    let first = right
    while (first.left !== null) first = first.left
    first.right = this.removeFirst(right)
    first.left = left
    return this.balance(first)
  }

  private removeFirst(node: Node<K, V>): Node<K, V> | null {
    if (node.left === null) return node.right
    node.left = this.removeFirst(node.left)
    return this.balance(node)
  }

  private heightOf(node: Node<K, V> | null): number {
    return node?.height ?? 0
  }

  private measure(node: Node<K, V>): void {
    node.height = 1 + Math.max(this.heightOf(node.left), this.heightOf(node.right))
  }

  private balance(node: Node<K, V>): Node<K, V> {
    const { left, right } = node
    const lean = this.heightOf(left) - this.heightOf(right)
    if (lean > 1 && left !== null) {
      if (this.heightOf(left.left) < this.heightOf(left.right)) node.left = this.rotateLeft(left)
      return this.rotateRight(node)
    }
    if (lean < -1 && right !== null) {
      if (this.heightOf(right.right) < this.heightOf(right.left)) node.right = this.rotateRight(right)
      return this.rotateLeft(node)
    }
    this.measure(node)
    return node
  }

  private rotateRight(node: Node<K, V>): Node<K, V> {
    const top = node.left!
    node.left = top.right
    top.right = node
    this.measure(node)
    this.measure(top)
    return top
  }

  private rotateLeft(node: Node<K, V>): Node<K, V> {
    const top = node.right!
    node.right = top.left
    top.left = node
    this.measure(node)
    this.measure(top)
    return top
  }
}

interface Aircraft {
  callsign: string
  position: Vector
  velocity: Vector
}

/** Where an aircraft was at the last frame and where it is. */
interface Motion {
  callsign: string
  from: Vector
  to: Vector
}

interface Collision {
  first: string
  second: string
  position: Vector
}

const RADIUS = 4
const CELL = 25
const WIDTH = 1000

class Simulation {
  private readonly fleet: Aircraft[] = []
  private seed = 4711
  private launched = 0

  constructor(size: number) {
    for (let i = 0; i < size; i++) this.fleet.push(this.launch())
  }

  private below(bound: number): number {
    this.seed = (this.seed * 16807) % 2147483647
    return this.seed % bound
  }

  private launch(): Aircraft {
    this.launched++
    const callsign = `A${(this.launched * 7919) % 1000003}`
    const position = new Vector(this.below(WIDTH), this.below(WIDTH), this.below(40))
    const velocity = new Vector(this.below(41) - 20, this.below(41) - 20, (this.below(21) - 10) / 10)
    return { callsign, position, velocity }
  }

  /** Flies on; who leaves the area is replaced. */
  advance(): Aircraft[] {
    for (let i = 0; i < this.fleet.length; i++) {
      const aircraft = this.fleet[i]
      const position = aircraft.position.plus(aircraft.velocity)
      const isInside = position.x >= 0 && position.x < WIDTH && position.y >= 0 && position.y < WIDTH
      if (isInside) aircraft.position = position
      else this.fleet[i] = this.launch()
    }
    return this.fleet
  }
}

/** Where two aircraft are when they come closest within a frame, if that is too close. */
function collide(a: Motion, b: Motion): Collision | null {
  const apart = a.from.minus(b.from)
  const drift = a.to.minus(a.from).minus(b.to.minus(b.from))
  const speed = drift.dot(drift)
  const time = speed === 0 ? 0 : Math.min(1, Math.max(0, -apart.dot(drift) / speed))
  if (apart.plus(drift.times(time)).length() > RADIUS) return null
  const position = a.from.plus(a.to.minus(a.from).times(time))
  return a.callsign < b.callsign
    ? { first: a.callsign, second: b.callsign, position }
    : { first: b.callsign, second: a.callsign, position }
}

class Detector {
  private readonly last = new TreeMap<string, Vector>((a, b) => (a < b ? -1 : a > b ? 1 : 0))

  /** The motions since the last frame; aircraft that are gone are forgotten. */
  track(fleet: Aircraft[]): Motion[] {
    const motions: Motion[] = []
    const seen = new Set<string>()
    for (const { callsign, position } of fleet) {
      const from = this.last.get(callsign) ?? position
      this.last.set(callsign, position)
      seen.add(callsign)
      motions.push({ callsign, from, to: position })
    }
    const gone: string[] = []
    this.last.forEach((_, callsign) => {
      if (!seen.has(callsign)) gone.push(callsign)
    })
    for (const callsign of gone) this.last.delete(callsign)
    if (this.last.size !== fleet.length) throw new Error(`${this.last.size} of ${fleet.length} aircraft are known`)
    return motions
  }

  /** Collisions in the order of the names of who collides. Only motions that share a cell are compared. */
  detect(motions: Motion[]): TreeMap<string, Collision> {
    const found = new TreeMap<string, Collision>((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    for (const group of this.groupByCell(motions).values()) {
      for (let i = 1; i < group.length; i++) {
        for (let j = 0; j < i; j++) {
          const collision = collide(group[i], group[j])
          if (collision !== null) found.set(`${collision.first}-${collision.second}`, collision)
        }
      }
    }
    return found
  }

  private groupByCell(motions: Motion[]): Map<number, Motion[]> {
    const cells = new Map<number, Motion[]>()
    const cellOf = (x: number): number => Math.floor(x / CELL)
    for (const motion of motions) {
      const { from, to } = motion
      const right = cellOf(Math.max(from.x, to.x) + RADIUS / 2)
      const bottom = cellOf(Math.max(from.y, to.y) + RADIUS / 2)
      for (let x = cellOf(Math.min(from.x, to.x) - RADIUS / 2); x <= right; x++) {
        for (let y = cellOf(Math.min(from.y, to.y) - RADIUS / 2); y <= bottom; y++) {
          const cell = cells.get(x * 1000 + y)
          if (cell === undefined) cells.set(x * 1000 + y, [motion])
          else cell.push(motion)
        }
      }
    }
    return cells
  }
}

function countAllPairs(motions: Motion[]): number {
  let count = 0
  for (let i = 1; i < motions.length; i++) {
    for (let j = 0; j < i; j++) if (collide(motions[i], motions[j]) !== null) count++
  }
  return count
}

/** A checksum of who collides where; missing one in a frame where all pairs are compared ends the run. */
export function run(n: number): number {
  const simulation = new Simulation(250)
  const detector = new Detector()
  let sum = 0
  for (let frame = 0; frame < n; frame++) {
    const motions = detector.track(simulation.advance())
    const collisions = detector.detect(motions)
    if (frame % 100 === 1 && countAllPairs(motions) !== collisions.size) throw new Error('a collision was missed')
    collisions.forEach(({ position }, name) => {
      sum = (sum * 31 + Math.floor(position.length()) + name.charCodeAt(name.length - 1)) % 1000003
    })
  }
  return sum
}
