/** Builds a text word by word, then scans it: words, vowels and a rolling hash. */
function build(n: number): string {
  const words = ['alpha', 'be', 'gamma', 'delta', 'epsilon', 'zeta', 'eta']
  let out = ''
  for (let i = 0; i < n; i++) {
    if (i > 0) out += ' '
    out += words[(i * i + 3) % words.length]
    if (i % 10 === 9) out += String(i)
  }
  return out
}

/** A checksum of what the scan finds in a text of n words. */
export function run(n: number): number {
  const text = build(n)
  let words = 0
  let vowels = 0
  let hash = 0
  let isInside = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    hash = (Math.imul(hash, 31) + c) | 0
    if (c === 32) {
      isInside = false
    } else {
      if (!isInside) words++
      isInside = true
      if (c === 97 || c === 101 || c === 105 || c === 111 || c === 117) vowels++
    }
  }
  const upper = text
    .slice(0, 1000)
    .split(' ')
    .map((w) => w.charAt(0).toUpperCase() + w.slice(1))
    .join('_')
  return words * 7 + vowels * 3 + upper.length + (hash >>> 8)
}
