import { freshNums, freshRefs, Instance, orderOf } from '../values/index.ts'
import { chargeOf, NO_OPERAND } from './meter.ts'
import type { Machinery, Site } from './operation.ts'
import { KIND } from './kinds.ts'
import type { NewObject } from './operations/object.ts'
import { readRegister, writeRegister, type Banks } from './registers.ts'

/** Runs the operation at a site in the general way: charges, operands as host values, result. */
export function runSite(m: Machinery & Banks, site: Site): void {
  const { kinds, regs } = site
  const count = regs.length
  let a: unknown = NO_OPERAND
  let b: unknown = NO_OPERAND
  let c: unknown = NO_OPERAND
  let d: unknown = NO_OPERAND
  if (site.variadic) a = readAll(m, site)
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

function readAll(m: Banks, { kinds, regs }: Site): unknown[] {
  const values: unknown[] = []
  for (let i = 0; i < regs.length; i++) values.push(readRegister(m, kinds[i], regs[i]))
  return values
}

/** `object.new` without the detour over a list of values. */
export function newObject(m: Machinery & Banks, site: Site): void {
  const { kinds, regs, aux } = site
  m.allocate(32 + 8 * regs.length)
  const layout = m.layouts[site.imm[0] as number]
  const plan = aux as NewObject
  const order = (m.orders[plan.order] ??= orderOf(layout, site.imm[1] as readonly number[]))
  const nums = freshNums(layout)
  const refs = freshRefs(layout)
  for (let i = 0; i < regs.length; i++) {
    if (plan.isNumber[i]) nums[plan.slots[i]] = m.F[m.fb + regs[i]]
    else refs[plan.slots[i]] = kinds[i] === KIND.ref ? m.R[m.rb + regs[i]] : readRegister(m, kinds[i], regs[i])
  }
  m.R[m.rb + site.dst] = new Instance(layout, order, nums, refs)
}
