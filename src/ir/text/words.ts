import type { Expr } from '../module.ts'

/** Names that stand without quotes; any other name is a JSON string. */
const BARE = /^(?!\$\d)[A-Za-z_$][\w$]*$/

export function formatName(name: string): string {
  return BARE.test(name) ? name : JSON.stringify(name)
}

/** A name with the number that it stands for: `total#3`, `"a b"#0`; `#7` for what has no name. */
export function formatRef(name: string | undefined, index: number): string {
  return `${name ? formatName(name) : ''}#${index}`
}

/** Numbers as JavaScript prints them, which reads back to the same bits; -0 keeps its sign. An i32 ends in `i`. */
export function formatConstant(expr: Extract<Expr, { kind: 'const' }>): string {
  const { value, type } = expr
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'number') return String(value)
  const digits = Object.is(value, -0) ? '-0' : String(value)
  return type.kind === 'i32' && (value | 0) === value && digits !== '-0' ? `${digits}i` : digits
}
