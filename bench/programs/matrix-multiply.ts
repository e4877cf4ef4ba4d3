/** Multiplies two n by n matrices that are arrays of rows. */
function make(n: number, seed: number): number[][] {
  const rows: number[][] = []
  for (let i = 0; i < n; i++) {
    const row: number[] = []
    for (let j = 0; j < n; j++) row.push((seed * (i - j) * (i + j)) / n)
    rows.push(row)
  }
  return rows
}

function multiply(a: number[][], b: number[][], n: number): number[][] {
  const out: number[][] = []
  for (let i = 0; i < n; i++) {
    const row = a[i]
    const result: number[] = []
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += row[k] * b[k][j]
      result.push(sum)
    }
    out.push(result)
  }
  return out
}

/** The trace of the product. */
export function run(n: number): number {
  const c = multiply(make(n, 1 / n), make(n, 2 / n), n)
  let trace = 0
  for (let i = 0; i < n; i++) trace += c[i][i]
  return trace
}
