/** map, filter, reduce and sort with closures over lists of numbers, n rounds. */
function compose(f: (x: number) => number, g: (x: number) => number): (x: number) => number {
  return (x) => g(f(x))
}

/** The sum of what n rounds of the pipeline give. */
export function run(n: number): number {
  const base = Array.from({ length: 200 }, (_, i) => (i * 7919) % 1009)
  let total = 0
  for (let round = 0; round < n; round++) {
    const step = compose(
      (x) => x * 3 + round,
      (x) => x % 1009,
    )
    const kept = base.map(step).filter((x, i) => (x + i) % 3 !== 0)
    const largest = kept.reduce((a, b) => (a > b ? a : b), 0)
    const first = kept.findIndex((x) => x === largest)
    total += kept.reduce((sum, x) => sum + x, 0) + largest * first
    if (kept.some((x) => x === 500)) total += 1
    kept.forEach((x, i) => {
      if (i % 50 === 0) total -= x
    })
  }
  return total
}
