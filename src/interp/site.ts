import { chargeOf, NO_OPERAND } from './meter.ts'
import type { Machinery, Site } from './operation.ts'
import { readRegister, writeRegister, type Banks } from './registers.ts'

/** Runs the operation at a site in the general way: charges, operands as host values, result. */
export function runSite(m: Machinery & Banks, site: Site): void {
  const { kinds, regs } = site
  const count = regs.length
  let a: unknown = NO_OPERAND
  let b: unknown = NO_OPERAND
  let c: unknown = NO_OPERAND
  let d: unknown = NO_OPERAND
  if (site.variadic) a = regs.map((reg, i) => readRegister(m, kinds[i], reg))
  else {
    if (count > 0) a = readRegister(m, kinds[0], regs[0])
    if (count > 1) b = readRegister(m, kinds[1], regs[1])
    if (count > 2) c = readRegister(m, kinds[2], regs[2])
    if (count > 3) d = readRegister(m, kinds[3], regs[3])
  }
  const { before, after } = site
  if (before) {
    m.spend(chargeOf(before.fuel, a, b, c, d, count, undefined), chargeOf(before.bytes, a, b, c, d, count, undefined))
  }
  const result = site.run(a as never, b as never, c as never, d as never, site, m)
  if (after) m.spend(chargeOf(after.fuel, a, b, c, d, count, result), chargeOf(after.bytes, a, b, c, d, count, result))
  if (site.dst >= 0) writeRegister(m, site.dstKind, site.dst, result)
}
