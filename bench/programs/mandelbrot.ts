/** Points of an n by n grid that stay bounded for fifty rounds, as a checksum over their positions. */
export function run(n: number): number {
  let sum = 0
  for (let y = 0; y < n; y++) {
    const ci = (2 * y) / n - 1
    for (let x = 0; x < n; x++) {
      const cr = (2 * x) / n - 1.5
      let zr = 0
      let zi = 0
      let rounds = 0
      while (rounds < 50 && zr * zr + zi * zi <= 4) {
        const t = zr * zr - zi * zi + cr
        zi = 2 * zr * zi + ci
        zr = t
        rounds++
      }
      if (rounds === 50) sum = (sum * 31 + x + y * n) % 1000003
    }
  }
  return sum
}
