/** Random DNA sequences in lines of sixty letters, by cumulative probabilities; what would be printed is hashed. */
class Random {
  seed = 42

  next(max: number): number {
    this.seed = (this.seed * 3877 + 29573) % 139968
    return (max * this.seed) / 139968
  }
}

interface Letter {
  char: string
  p: number
}

const LINE = 60
const ALU =
  'GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGAGTTCGAGACCAGCCTGGCCAACATGGTGAAACCCCGTCTCTACTAAAAATACAAAAATTAGCCGGGCGTGGTGGCGCGCGCCTGTAATCCCAGCTACTCGGGAGGCTGAGGCAGGAGAATCGCTTGAACCCGGGAGGCGGAGGTTGCAGTGAGCCGAGATCGCGCCACTGCACTCCAGCCTGGGCGACAGAGCGAGACTCCGTCTCAAAAA'

const IUB: Letter[] = [
  { char: 'a', p: 0.27 },
  { char: 'c', p: 0.12 },
  { char: 'g', p: 0.12 },
  { char: 't', p: 0.27 },
  { char: 'B', p: 0.02 },
  { char: 'D', p: 0.02 },
  { char: 'H', p: 0.02 },
  { char: 'K', p: 0.02 },
  { char: 'M', p: 0.02 },
  { char: 'N', p: 0.02 },
  { char: 'R', p: 0.02 },
  { char: 'S', p: 0.02 },
  { char: 'V', p: 0.02 },
  { char: 'W', p: 0.02 },
  { char: 'Y', p: 0.02 },
]

const HUMAN: Letter[] = [
  { char: 'a', p: 0.302954942668 },
  { char: 'c', p: 0.1979883004921 },
  { char: 'g', p: 0.1975473066391 },
  { char: 't', p: 0.3015094502008 },
]

function cumulate(letters: Letter[]): Letter[] {
  let sum = 0
  return letters.map(({ char, p }) => {
    sum += p
    return { char, p: sum }
  })
}

function hashLine(hash: number, line: string): number {
  for (let i = 0; i < line.length; i++) hash = (Math.imul(hash, 31) + line.charCodeAt(i)) | 0
  return hash
}

function repeat(hash: number, n: number): number {
  let at = 0
  for (let left = n; left > 0; left -= LINE) {
    const count = Math.min(left, LINE)
    let line = ALU.slice(at, at + count)
    if (line.length < count) line += ALU.slice(0, count - line.length)
    at = (at + count) % ALU.length
    hash = hashLine(hash, line)
  }
  return hash
}

function pick(letters: Letter[], r: number): string {
  for (const letter of letters) if (r < letter.p) return letter.char
  return letters[letters.length - 1].char
}

function random(hash: number, letters: Letter[], n: number, source: Random): number {
  for (let left = n; left > 0; left -= LINE) {
    const count = Math.min(left, LINE)
    let line = ''
    for (let i = 0; i < count; i++) line += pick(letters, source.next(1))
    hash = hashLine(hash, line)
  }
  return hash
}

/** The hash of sequences of 2n, 3n and 5n letters. */
export function run(n: number): number {
  const source = new Random()
  let hash = repeat(7, 2 * n)
  hash = random(hash, cumulate(IUB), 3 * n, source)
  return random(hash, cumulate(HUMAN), 5 * n, source)
}
