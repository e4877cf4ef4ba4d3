/** Builds a JSON text of n orders, parses it, walks what came out without knowing its shape, and writes it again. */
interface Census {
  nulls: number
  booleans: number
  total: number
  letters: number
  elements: number
  members: number
  depth: number
}

function makeOrder(id: number, seed: number): string {
  const lines: string[] = []
  for (let line = 0; line <= seed % 4; line++) {
    const price = ((seed >> (line + 3)) % 10000) / 100
    lines.push(`{"sku":"P-${(seed + line * 7919) % 5000}","quantity":${1 + ((seed >> line) % 9)},"price":${price}}`)
  }
  const note = seed % 5 === 0 ? 'null' : `"caf\\u00e9 \\"${seed % 100}\\"\\n"`
  const paid = seed % 3 === 0
  return `{ "id": ${id}, "paid": ${paid}, "note": ${note}, "customer": {"name": "N${seed % 977}", "score": ${(seed % 2001) - 1000}e-2}, "lines": [${lines.join(', ')}] }`
}

function makeText(n: number): string {
  const orders: string[] = []
  let seed = 11
  for (let id = 1; id <= n; id++) {
    seed = (seed * 16807) % 2147483647
    orders.push(makeOrder(id, seed))
  }
  return `[\n${orders.join(',\n')}\n]`
}

function walk(value: unknown, depth: number, census: Census): void {
  if (depth > census.depth) census.depth = depth
  if (value === null) census.nulls++
  else if (typeof value === 'boolean') census.booleans++
  else if (typeof value === 'number') census.total += value
  else if (typeof value === 'string') census.letters += value.length
  else if (Array.isArray(value)) {
    census.elements += value.length
    for (const element of value) walk(element, depth + 1, census)
  } else if (typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) {
      census.members++
      census.letters += key.length
      walk(member, depth + 1, census)
    }
  }
}

/** A checksum of what was counted and of the text that was written. */
export function run(n: number): number {
  const value: unknown = JSON.parse(makeText(n))
  const census: Census = { nulls: 0, booleans: 0, total: 0, letters: 0, elements: 0, members: 0, depth: 0 }
  walk(value, 0, census)
  const text = JSON.stringify(value)
  const again: unknown = JSON.parse(text)
  if (JSON.stringify(again) !== text) throw new Error('the text changed on the way')
  const report = JSON.stringify(census)
  let hash = 0
  for (let i = 0; i < report.length; i++) hash = (Math.imul(hash, 31) + report.charCodeAt(i)) | 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
