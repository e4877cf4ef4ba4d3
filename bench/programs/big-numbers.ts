/** Factorials, powers and greatest common divisors of n rounds of bigints. */
function factorial(n: bigint): bigint {
  let product = 1n
  for (let i = 2n; i <= n; i++) product *= i
  return product
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}

const PRIME = 2n ** 127n - 1n

export function run(n: number): number {
  let sum = 0n
  for (let i = 0; i < n; i++) {
    const big = factorial(BigInt(20 + (i % 60)))
    sum += power(BigInt(i + 2), PRIME - 2n, PRIME) + gcd(big, 10n ** 30n) + (big % 1_000_007n)
    sum %= 1_000_000_007n
  }
  return Number(sum)
}
