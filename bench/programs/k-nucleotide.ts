/** Counts the words of k letters in a generated DNA text of n letters: maps from strings to numbers that are updated all the time. */
const LETTERS = ['A', 'C', 'G', 'T']
const SHARES = [0.302954942668, 0.1979883004921, 0.1975473066391, 0.3015094502008]

function makeDna(n: number): string {
  let seed = 42
  let dna = ''
  for (let i = 0; i < n; i++) {
    seed = (seed * 3877 + 29573) % 139968
    let rest = seed / 139968
    let letter = 0
    while (letter < 3 && rest >= SHARES[letter]) {
      rest -= SHARES[letter]
      letter++
    }
    dna += LETTERS[letter]
  }
  return dna
}

function countWords(dna: string, length: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let at = 0; at + length <= dna.length; at++) {
    const word = dna.slice(at, at + length)
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

/** The shares of the words in percent, the most frequent first. */
function formatShares(counts: Map<string, number>): string {
  let total = 0
  for (const count of counts.values()) total += count
  const ranked = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return ranked.map(([word, count]) => `${word} ${((count * 100) / total).toFixed(3)}`).join('\n')
}

function formatCount(dna: string, word: string): string {
  const count = countWords(dna, word.length).get(word) ?? 0
  return `${count}\t${word}`
}

/** A checksum of the report: shares of words of one and two letters, then how often some longer words occur. */
export function run(n: number): number {
  const dna = makeDna(n)
  const lines = [1, 2].map((length) => formatShares(countWords(dna, length)))
  for (const word of ['GGT', 'GGTA', 'GGTATT', 'GGTATTTTAATT', 'GGTATTTTAATTTATAGT']) lines.push(formatCount(dna, word))
  const text = lines.join('\n')
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
