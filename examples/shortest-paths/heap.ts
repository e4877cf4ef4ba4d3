/** A binary heap: the item with the least priority comes out first. */
export class MinHeap<T> {
  #items: { value: T; priority: number }[] = []

  get size(): number {
    return this.#items.length
  }

  push(value: T, priority: number): void {
    const items = this.#items
    items.push({ value, priority })
    let i = items.length - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (items[parent].priority <= items[i].priority) return
      this.#swap(i, parent)
      i = parent
    }
  }

  /** The value with the least priority, taken out; undefined when the heap is empty. */
  pop(): T | undefined {
    const items = this.#items
    if (items.length === 0) return undefined
    const top = items[0]
    const last = items.pop()
    if (last !== undefined && items.length > 0) {
      items[0] = last
      this.#sink(0)
    }
    return top.value
  }

  #sink(start: number): void {
    const items = this.#items
    let i = start
    while (true) {
      const left = 2 * i + 1
      const right = left + 1
      let least = i
      if (left < items.length && items[left].priority < items[least].priority) least = left
      if (right < items.length && items[right].priority < items[least].priority) least = right
      if (least === i) return
      this.#swap(i, least)
      i = least
    }
  }

  #swap(i: number, j: number): void {
    const items = this.#items
    ;[items[i], items[j]] = [items[j], items[i]]
  }
}
