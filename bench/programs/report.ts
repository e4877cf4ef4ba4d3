/** A report over n sales: checked, grouped by region and month, ranked, and written as a table. */
interface Sale {
  id: number
  region: string
  month: number
  quantity: number
  price: number
  discount?: number
}

interface Total {
  region: string
  month: number
  count: number
  revenue: number
  best?: Sale
}

const REGIONS = ['north', 'south', 'east', 'west', 'overseas']

function makeSales(n: number): Sale[] {
  const sales: Sale[] = []
  let seed = 7
  for (let id = 1; id <= n; id++) {
    seed = (seed * 16807) % 2147483647
    const sale: Sale = {
      id,
      region: REGIONS[seed % REGIONS.length],
      month: seed % 12,
      quantity: (seed >> 4) % 40,
      price: 5 + ((seed >> 8) % 2000) / 100,
    }
    if (seed % 7 === 0) sale.discount = (seed % 30) / 100
    sales.push(sale)
  }
  return sales
}

function revenueOf(sale: Sale): number {
  return sale.quantity * sale.price * (1 - (sale.discount ?? 0))
}

function summarize(sales: Sale[]): Total[] {
  const totals: Total[] = []
  for (const region of REGIONS) {
    for (let month = 0; month < 12; month++) totals.push({ region, month, count: 0, revenue: 0 })
  }
  for (const sale of sales) {
    if (sale.quantity <= 0) continue
    const total = totals[REGIONS.indexOf(sale.region) * 12 + sale.month]
    total.count++
    total.revenue += revenueOf(sale)
    if (total.best === undefined || revenueOf(total.best) < revenueOf(sale)) total.best = sale
  }
  return totals
}

function formatLine(total: Total, rank: number): string {
  const best = total.best === undefined ? 'none' : `#${total.best.id}`
  const month = String(total.month + 1).padStart(2, '0')
  return `${String(rank + 1).padStart(3)} ${total.region.padEnd(10)} ${month} ${total.revenue.toFixed(2).padStart(12)} ${best}`
}

/** A checksum of the report. */
export function run(n: number): number {
  const totals = summarize(makeSales(n))
  totals.sort((a, b) => b.revenue - a.revenue || a.month - b.month)
  const text = totals.map(formatLine).join('\n')
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
