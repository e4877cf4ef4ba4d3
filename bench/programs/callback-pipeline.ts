/** map, filter, reduce and searches with closures over a list of n numbers. */
function compose(f: (x: number) => number, g: (x: number) => number): (x: number) => number {
  return (x) => g(f(x))
}

/** A sum over what the pipeline gives. */
export function run(n: number): number {
  const base = Array.from({ length: n }, (_, i) => (i * 7919) % 100003)
  let total = 0
  for (let round = 0; round < 4; round++) {
    const step = compose(
      (x) => x * 3 + round,
      (x) => x % 100003,
    )
    const kept = base.map(step).filter((x, i) => (x + i) % 3 !== 0)
    const largest = kept.reduce((a, b) => (a > b ? a : b), 0)
    const first = kept.findIndex((x) => x === largest)
    total += kept.reduce((sum, x) => sum + x, 0) + largest * first
    if (kept.some((x) => x < 0)) total += 1
    kept.forEach((x, i) => {
      if (i % 50 === 0) total -= x
    })
  }
  return total
}
