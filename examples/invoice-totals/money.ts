/** Cents as a text with thousands separators: 1234567 is `12,345.67`. */
export function formatCents(cents: number): string {
  const sign = cents < 0 ? '-' : ''
  const absolute = Math.abs(cents)
  const rest = String(absolute % 100).padStart(2, '0')
  return `${sign}${groupThousands(Math.floor(absolute / 100))}.${rest}`
}

function groupThousands(whole: number): string {
  const digits = String(whole)
  let out = ''
  for (let i = 0; i < digits.length; i++) {
    if (i > 0 && (digits.length - i) % 3 === 0) out += ','
    out += digits[i]
  }
  return out
}
