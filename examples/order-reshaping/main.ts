/** A row as a shop exports it: flat, with everything as text where it came from a form. */
export interface OrderRow {
  orderId: string
  placedAt: string
  customer: string
  email: string | null
  sku: string
  title: string
  quantity: string
  price: string
  options?: string
}

export interface Line {
  sku: string
  title: string
  quantity: number
  cents: number
  options: { name: string; value: string }[]
}

export interface Order {
  id: number
  date: { year: number; month: number; day: number }
  customer: { name: string; email: string | null; initials: string }
  lines: Line[]
  totalCents: number
}

/**
 * Reshapes the flat rows of an export into orders with lines, checking every field on the way.
 *
 * @param rows the rows, in any order
 * @returns the orders by id, each with its lines in the order of the rows
 * @ensures result.every((order) => order.lines.length > 0)
 */
export function reshape(rows: OrderRow[]): Order[] {
  const orders: Order[] = []
  rows.forEach((row, i) => {
    const at = `row ${i + 1}`
    const id = parseId(row.orderId, at)
    const line = parseLine(row, at)
    let order = orders.find((o) => o.id === id)
    if (order === undefined) {
      order = {
        id,
        date: parseDate(row.placedAt, at),
        customer: {
          name: row.customer.trim(),
          email: row.email?.trim().toLowerCase() ?? null,
          initials: initialsOf(row.customer),
        },
        lines: [],
        totalCents: 0,
      }
      orders.push(order)
    }
    order.lines.push(line)
    order.totalCents += line.quantity * line.cents
  })
  for (const o of orders) console.log(`order ${o.id}: ${o.lines.length} lines, ${(o.totalCents / 100).toFixed(2)}`)
  return orders.sort((a, b) => a.id - b.id)
}

function parseId(text: string, at: string): number {
  const id = text.startsWith('#') ? parseInt(text.slice(1), 10) : NaN
  if (Number.isNaN(id)) throw new TypeError(`${at}: bad order id "${text}"`)
  return id
}

function parseDate(text: string, at: string): Order['date'] {
  const [year = NaN, month = NaN, day = NaN] = text
    .slice(0, 10)
    .split('-')
    .map((part) => parseInt(part, 10))
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) {
    throw new RangeError(`${at}: bad date "${text}"`)
  }
  return { year, month, day }
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  if (month === 2) return isLeap ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function parseLine(row: OrderRow, at: string): Line {
  const quantity = Number(row.quantity)
  if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError(`${at}: bad quantity "${row.quantity}"`)
  const price = parseFloat(row.price.replace(',', '.'))
  if (!(price >= 0)) throw new RangeError(`${at}: bad price "${row.price}"`)
  return {
    sku: row.sku.toUpperCase(),
    title: row.title.trim(),
    quantity,
    cents: Math.round(price * 100),
    options: parseOptions(row.options ?? ''),
  }
}

/** Options are written `size: L; colour: red`; one without a value is a flag with the value `yes`. */
function parseOptions(text: string): { name: string; value: string }[] {
  return text
    .split(';')
    .map((part) => part.split(':').map((x) => x.trim()))
    .filter(([name]) => name !== '')
    .map(([name, value = 'yes']) => ({ name, value }))
}

function initialsOf(name: string): string {
  return name
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => part[0].toUpperCase())
    .join('')
}
