/** Those who wait, by principal: served in turns, so that nobody waits behind all that another one asked for. */
export class FairQueue<T> {
  /** In the order of their turns; no list is empty. */
  readonly #lines = new Map<string, T[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  push(principal: string, item: T): void {
    const line = this.#lines.get(principal)
    if (line) line.push(item)
    else this.#lines.set(principal, [item])
    this.#size++
  }

  /** Takes an item back that left, before those of its principal that are to follow it. */
  pushBack(principal: string, item: T, isBefore: (item: T, other: T) => boolean): void {
    const line = this.#lines.get(principal) ?? []
    const at = line.findIndex((other) => isBefore(item, other))
    line.splice(at < 0 ? line.length : at, 0, item)
    this.#lines.set(principal, line)
    this.#size++
  }

  /** Whose turn it is, of those who are not passed over. */
  first(isPassedOver: (principal: string) => boolean = () => false): T | undefined {
    for (const [principal, line] of this.#lines) if (!isPassedOver(principal)) return line[0]
    return undefined
  }

  /** All who wait, in the order of their turns: the first of each principal, then the second of each. */
  turns(): readonly T[] {
    const lines = [...this.#lines.values()]
    if (lines.length <= 1) return [...(lines[0] ?? [])]
    const rounds = Math.max(...lines.map((line) => line.length))
    return Array.from({ length: rounds }, (_, round) => lines.flatMap((line) => line.slice(round, round + 1))).flat()
  }

  /** Whether the item waited. A principal whose first item leaves has had its turn. */
  remove(principal: string, item: T): boolean {
    const line = this.#lines.get(principal)
    const at = line?.indexOf(item) ?? -1
    if (!line || at < 0) return false
    line.splice(at, 1)
    this.#size--
    if (at === 0 || line.length === 0) this.#lines.delete(principal)
    if (at === 0 && line.length > 0) this.#lines.set(principal, line)
    return true
  }

  /**
   * Takes the newest item of who has the most waiting, if that are more than `principal` would have with one more. `elsewhere`: what
   * else somebody has waiting.
   */
  takeFromLongest(principal: string, elsewhere: (principal: string) => number = () => 0): T | undefined {
    let [longest, most]: [string | undefined, number] = [undefined, 0]
    for (const [name, line] of this.#lines) {
      const count = line.length + elsewhere(name)
      if (count > most) [longest, most] = [name, count]
    }
    const own = (this.#lines.get(principal)?.length ?? 0) + elsewhere(principal) + 1
    if (longest === undefined || most <= own) return undefined
    const item = this.#lines.get(longest)!.at(-1)!
    this.remove(longest, item)
    return item
  }

  /** Takes everybody. */
  clear(): readonly T[] {
    const all = [...this.#lines.values()].flat()
    this.#lines.clear()
    this.#size = 0
    return all
  }
}
