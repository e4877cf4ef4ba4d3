/** Largest singular value of an infinite matrix, cut at n rows. */
function element(i: number, j: number): number {
  return 1 / (((i + j) * (i + j + 1)) / 2 + i + 1)
}

function multiply(v: number[], out: number[], n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += element(i, j) * v[j]
    out[i] = sum
  }
}

function multiplyTransposed(v: number[], out: number[], n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += element(j, i) * v[j]
    out[i] = sum
  }
}

/** The norm for n rows. */
export function run(n: number): number {
  const u = new Array<number>(n).fill(1)
  const v = new Array<number>(n).fill(0)
  const t = new Array<number>(n).fill(0)
  for (let i = 0; i < 10; i++) {
    multiply(u, t, n)
    multiplyTransposed(t, v, n)
    multiply(v, t, n)
    multiplyTransposed(t, u, n)
  }
  let vBv = 0
  let vv = 0
  for (let i = 0; i < n; i++) {
    vBv += u[i] * v[i]
    vv += v[i] * v[i]
  }
  return Math.sqrt(vBv / vv)
}
