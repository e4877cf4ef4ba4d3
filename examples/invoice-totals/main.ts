import { ruleFor, taxOn } from './tax.ts'
import { formatCents } from './money.ts'

export interface InvoiceLine {
  description: string
  /** Price of one piece in cents. */
  unitPrice: number
  quantity: number
  category: string
}

export interface TaxAmount {
  category: string
  net: number
  tax: number
}

export interface InvoiceTotals {
  net: number
  discount: number
  taxes: TaxAmount[]
  gross: number
  text: string
}

/**
 * Adds up an invoice: a quantity discount per line, then tax by category. All amounts are whole cents.
 *
 * @param lines the lines of the invoice, at least one
 * @param discountPercent a discount on every line of ten pieces or more, 0 to 100
 * @returns net, discount, tax per category and gross amount, and the gross as text
 * @requires discountPercent >= 0 && discountPercent <= 100
 * @ensures result.gross >= result.net
 */
export function invoiceTotals(lines: InvoiceLine[], discountPercent: number = 0): InvoiceTotals {
  if (lines.length === 0) throw new RangeError('an invoice needs at least one line')
  const taxes: TaxAmount[] = []
  let net = 0
  let discount = 0
  for (const line of lines) {
    checkLine(line)
    const full = line.unitPrice * line.quantity
    const off = line.quantity >= 10 ? Math.round((full * discountPercent) / 100) : 0
    net += full - off
    discount += off
    addNet(taxes, line.category, full - off)
    console.log(`${line.quantity} x ${line.description}: ${formatCents(full - off)}`)
  }
  for (const amount of taxes) amount.tax = taxOn(amount.net, ruleFor(amount.category))
  const gross = taxes.reduce((sum, t) => sum + t.net + t.tax, 0)
  console.log(`total ${formatCents(gross)}`)
  return { net, discount, taxes, gross, text: formatCents(gross) }
}

function checkLine(line: InvoiceLine): void {
  if (!Number.isInteger(line.unitPrice) || line.unitPrice < 0) {
    throw new RangeError(`"${line.description}": the price must be whole cents`)
  }
  if (!Number.isInteger(line.quantity) || line.quantity < 1) {
    throw new RangeError(`"${line.description}": the quantity must be a positive whole number`)
  }
}

function addNet(taxes: TaxAmount[], category: string, net: number): void {
  const known = taxes.find((t) => t.category === category)
  if (known === undefined) taxes.push({ category, net, tax: 0 })
  else known.net += net
}
