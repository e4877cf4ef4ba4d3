/** Fills a template with n customers: placeholders, escaping, and a section that is left out. */
interface Customer {
  name: string
  city: string
  balance: number
  isActive: boolean
}

interface Part {
  text: string
  isField: boolean
}

const TEMPLATE =
  '<li class="{{class}}"><b>{{name}}</b> of {{city}}: {{balance}} EUR{{#active}} (active customer){{/active}}</li>\n'

function parse(template: string): Part[] {
  const parts: Part[] = []
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{{', at)
    if (open < 0) {
      parts.push({ text: template.slice(at), isField: false })
      break
    }
    if (open > at) parts.push({ text: template.slice(at, open), isField: false })
    const close = template.indexOf('}}', open)
    parts.push({ text: template.slice(open + 2, close), isField: true })
    at = close + 2
  }
  return parts
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function valueOf(customer: Customer, field: string): string {
  switch (field) {
    case 'name':
      return escape(customer.name)
    case 'city':
      return escape(customer.city)
    case 'balance':
      return customer.balance.toFixed(2)
    case 'class':
      return customer.balance < 0 ? 'debt' : 'plain'
    default:
      return ''
  }
}

function render(parts: Part[], customer: Customer): string {
  let out = ''
  let isHidden = false
  for (const part of parts) {
    if (!part.isField) {
      if (!isHidden) out += part.text
    } else if (part.text.startsWith('#')) {
      isHidden = !customer.isActive
    } else if (part.text.startsWith('/')) {
      isHidden = false
    } else if (!isHidden) {
      out += valueOf(customer, part.text)
    }
  }
  return out
}

/** A checksum of the pages. */
export function run(n: number): number {
  const parts = parse(TEMPLATE)
  const names = ['Ada & Co', 'Bob <b>', 'Cyd "C"', 'Dee']
  const cities = ['Rome', 'Paris & Lyon', 'Bern']
  let sum = 0
  let page = ''
  for (let i = 0; i < n; i++) {
    page += render(parts, {
      name: names[i % names.length] + i,
      city: cities[i % cities.length],
      balance: ((i * 37) % 2001) - 1000,
      isActive: i % 3 === 0,
    })
    if (page.length < 4000) continue
    for (let at = 0; at < page.length; at += 16) sum = (sum * 31 + page.charCodeAt(at)) % 1000003
    page = ''
  }
  return sum
}
