// Members of Math over any number of arguments (ECMA-262 21.3.2).

/** `Math.max(...values)`. */
export function math_max(values: number[]): number {
  let most = -Infinity
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i])
  return most
}

/** The numbers that values are, each converted, for a function that takes numbers alone. */
export function math_numbers<T>(values: T[]): number[] {
  const numbers: number[] = []
  for (let i = 0; i < values.length; i++) numbers.push(+(values[i] as number))
  return numbers
}

/** `Math.min(...values)`. */
export function math_min(values: number[]): number {
  let least = Infinity
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i])
  return least
}
