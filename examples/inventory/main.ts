export interface Movement {
  kind: 'receive' | 'ship' | 'count'
  sku: string
  quantity: number
  /** Cost of one piece in cents; needed when goods are received. */
  unitCost?: number
}

export interface StockLine {
  sku: string
  quantity: number
  averageCost: number
}

export interface StockReport {
  lines: StockLine[]
  value: number
  reorder: string[]
}

class Item {
  readonly sku: string
  #quantity = 0
  #value = 0

  constructor(sku: string) {
    this.sku = sku
  }

  get quantity(): number {
    return this.#quantity
  }

  get value(): number {
    return this.#value
  }

  /** The moving average of what a piece has cost, in cents; 0 while there is none. */
  get averageCost(): number {
    return this.#quantity === 0 ? 0 : this.#value / this.#quantity
  }

  receive(quantity: number, unitCost: number): void {
    this.#quantity += quantity
    this.#value += quantity * unitCost
  }

  ship(quantity: number): void {
    if (quantity > this.#quantity) {
      throw new RangeError(`cannot ship ${quantity} of ${this.sku}, only ${this.#quantity} in stock`)
    }
    this.#value -= quantity * this.averageCost
    this.#quantity -= quantity
  }
}

class Inventory {
  static movements = 0
  #items: Item[] = []

  apply(m: Movement): void {
    if (!Number.isInteger(m.quantity) || m.quantity < 0) throw new TypeError(`bad quantity ${m.quantity}`)
    const item = this.#item(m.sku)
    Inventory.movements++
    switch (m.kind) {
      case 'receive':
        item.receive(m.quantity, m.unitCost ?? item.averageCost)
        break
      case 'ship':
        item.ship(m.quantity)
        break
      case 'count':
        this.#correct(item, m.quantity)
    }
  }

  report(minimum: number): StockReport {
    const items = [...this.#items].sort((a, b) => (a.sku < b.sku ? -1 : 1))
    return {
      lines: items.map(({ sku, quantity, averageCost }) => ({ sku, quantity, averageCost })),
      value: items.reduce((sum, item) => sum + item.value, 0),
      reorder: items.filter((item) => item.quantity < minimum).map((item) => item.sku),
    }
  }

  #correct(item: Item, counted: number): void {
    const difference = counted - item.quantity
    if (difference !== 0) console.log(`${item.sku}: counted ${counted}, expected ${item.quantity}`)
    if (difference > 0) item.receive(difference, item.averageCost)
    else item.ship(-difference)
  }

  #item(sku: string): Item {
    let item = this.#items.find((i) => i.sku === sku)
    if (item === undefined) {
      item = new Item(sku)
      this.#items.push(item)
    }
    return item
  }
}

/**
 * Keeps stock by moving average cost and reports what is there.
 *
 * @param movements goods received, shipped and counted, in order
 * @param minimum articles with less stock than this are listed for reordering
 * @returns the stock by article, its value in cents and what to reorder
 * @ensures result.lines.every((line) => line.quantity >= 0)
 */
export function keepStock(movements: Movement[], minimum: number = 1): StockReport {
  const inventory = new Inventory()
  for (const movement of movements) inventory.apply(movement)
  console.log(`${Inventory.movements} movements`)
  return inventory.report(minimum)
}
