import { MinHeap } from './heap.ts'

export interface Road {
  from: string
  to: string
  distance: number
  /** Roads go both ways unless this is true. */
  oneWay?: boolean
}

export interface Route {
  places: string[]
  distance: number
}

type Edge = { to: number; distance: number }

class RoadMap {
  readonly names: string[] = []
  readonly edges: Edge[][] = []

  constructor(roads: readonly Road[]) {
    for (const { from, to, distance, oneWay } of roads) {
      if (!(distance >= 0)) throw new RangeError(`the road from ${from} to ${to} has distance ${distance}`)
      const a = this.#place(from)
      const b = this.#place(to)
      this.edges[a].push({ to: b, distance })
      if (oneWay !== true) this.edges[b].push({ to: a, distance })
    }
  }

  find(name: string): number {
    const at = this.names.indexOf(name)
    if (at < 0) throw new Error(`unknown place: ${name}`)
    return at
  }

  #place(name: string): number {
    const at = this.names.indexOf(name)
    if (at >= 0) return at
    this.names.push(name)
    this.edges.push([])
    return this.names.length - 1
  }
}

/**
 * The shortest route between two places, by Dijkstra's algorithm.
 *
 * @param roads the roads of the map, with distances of zero or more
 * @param from where to start
 * @param to where to go
 * @returns the places on the route and its length, or null where no road leads there
 * @ensures result === null || result.distance >= 0
 */
export function shortestPath(roads: Road[], from: string, to: string): Route | null {
  const map = new RoadMap(roads)
  const start = map.find(from)
  const goal = map.find(to)
  const distance = map.names.map(() => Infinity)
  const before = map.names.map(() => -1)
  const settled = map.names.map(() => false)
  const queue = new MinHeap<number>()
  distance[start] = 0
  queue.push(start, 0)

  while (queue.size > 0) {
    const at = queue.pop()!
    if (settled[at]) continue
    settled[at] = true
    console.log(`${map.names[at]} is reached after ${distance[at]}`)
    if (at === goal) break
    for (const edge of map.edges[at]) {
      const via = distance[at] + edge.distance
      if (via >= distance[edge.to]) continue
      distance[edge.to] = via
      before[edge.to] = at
      queue.push(edge.to, via)
    }
  }

  if (distance[goal] === Infinity) return null
  const places: string[] = []
  for (let at = goal; at !== -1; at = before[at]) places.unshift(map.names[at])
  return { places, distance: distance[goal] }
}

/**
 * The distance between each two places, by the Floyd-Warshall algorithm; Infinity where no road leads.
 *
 * @param roads the roads of the map
 * @returns the names of the places and the table of distances in the same order
 */
export function distanceTable(roads: Road[]): { places: string[]; table: number[][] } {
  const map = new RoadMap(roads)
  const n = map.names.length
  const table = map.names.map((_, i) => map.names.map((_, j) => (i === j ? 0 : Infinity)))
  map.edges.forEach((edges, i) => {
    for (const { to, distance } of edges) table[i][to] = Math.min(table[i][to], distance)
  })
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) table[i][j] = Math.min(table[i][j], table[i][k] + table[k][j])
    }
  }
  return { places: map.names, table }
}
