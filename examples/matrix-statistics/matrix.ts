/** A matrix as rows of equal length. */
export type Matrix = number[][]

/** Throws a RangeError unless every row has the same number of columns, at least one. */
export function checkShape(m: Matrix): void {
  const width = m.length === 0 ? 0 : m[0].length
  if (width === 0 || m.some((row) => row.length !== width)) throw new RangeError('not a matrix: rows differ in length')
}

export const transpose = (m: Matrix): Matrix => m[0].map((_, j) => m.map((row) => row[j]))

export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a[0].length !== b.length)
    throw new RangeError(`cannot multiply ${a.length}x${a[0].length} by ${b.length}x${b[0].length}`)
  const columns = transpose(b)
  return a.map((row) => columns.map((column) => row.reduce((sum, x, i) => sum + x * column[i], 0)))
}

/** Solves `m x = v` by Gaussian elimination with partial pivoting; throws an Error where there is no single solution. */
export function solve(m: Matrix, v: readonly number[]): number[] {
  const n = m.length
  const rows = m.map((row, i) => [...row, v[i]])
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i
    }
    if (Math.abs(rows[pivot][k]) < 1e-12) throw new Error('the system has no single solution')
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k]
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j]
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i][n]
    for (let j = i + 1; j < n; j++) rest -= rows[i][j] * x[j]
    x[i] = rest / rows[i][i]
  }
  return x
}
