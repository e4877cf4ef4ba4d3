/**
 * Math.hypot (21.3.2.18). V8 scales by the greatest operand and sums with Kahan's compensation;
 * the same steps here give the same bits without passing every element as an argument.
 */
export function hypot(list: readonly (number | undefined)[]): number {
  const values = Array.from(list, (x) => Math.abs(x ?? NaN))
  if (values.includes(Infinity)) return Infinity
  let max = 0
  for (const x of values) {
    if (Number.isNaN(x)) return NaN
    if (x > max) max = x
  }
  if (max === 0) return 0
  let sum = 0
  let compensation = 0
  for (const x of values) {
    const n = x / max
    const summand = n * n - compensation
    const preliminary = sum + summand
    compensation = preliminary - sum - summand
    sum = preliminary
  }
  return Math.sqrt(sum) * max
}
