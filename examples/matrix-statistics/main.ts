import { checkShape, multiply, solve, transpose, type Matrix } from './matrix.ts'

export interface Summary {
  count: number
  mean: number
  median: number
  deviation: number
  min: number
  max: number
}

/**
 * Describes a list of numbers.
 *
 * @param values at least one number
 * @returns count, mean, median, sample standard deviation (0 for a single value), least and greatest
 * @ensures result.min <= result.median && result.median <= result.max
 */
export function describe(values: number[]): Summary {
  const count = values.length
  if (count === 0) throw new RangeError('no values to describe')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = count >> 1
  const median = count % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  const mean = values.reduce((a, b) => a + b, 0) / count
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return {
    count,
    mean,
    median,
    deviation: count === 1 ? 0 : Math.sqrt(squares / (count - 1)),
    min: sorted[0],
    max: sorted[count - 1],
  }
}

/**
 * Fits a polynomial to points by least squares.
 *
 * @param points pairs of x and y
 * @param degree the degree of the polynomial
 * @returns the coefficients, constant first
 * @requires degree >= 0
 * @ensures result.length === degree + 1
 */
export function fit(points: [number, number][], degree: number): number[] {
  if (points.length <= degree)
    throw new RangeError(`${points.length} points cannot fix a polynomial of degree ${degree}`)
  const x = points.map(([px]) => Array.from({ length: degree + 1 }, (_, k) => px ** k))
  const xt = transpose(x)
  const right = multiply(
    xt,
    points.map(([, py]) => [py]),
  ).map((row) => row[0])
  const coefficients = solve(multiply(xt, x), right)
  const errors = points.map(([px, py]) => Math.abs(py - coefficients.reduceRight((sum, c) => sum * px + c, 0)))
  console.log(`largest error ${Math.max(...errors).toExponential(2)}`)
  return coefficients
}

/**
 * Multiplies matrices from left to right.
 *
 * @param matrices the factors, at least one
 * @returns their product
 */
export function product(matrices: Matrix[]): Matrix {
  matrices.forEach(checkShape)
  return matrices.reduce((a, b) => multiply(a, b))
}
