import { KIND, type Kind } from './kinds.ts'

/** The banks of a machine and where the current frame begins in each. */
export type Banks = { F: Float64Array; I: Int32Array; R: unknown[]; fb: number; ib: number; rb: number }

/** The value of a register of the current frame as a host value. */
export function readRegister(m: Banks, kind: Kind, reg: number): unknown {
  switch (kind) {
    case KIND.f64:
      return m.F[m.fb + reg]
    case KIND.i32:
      return m.I[m.ib + reg]
    case KIND.bool:
      return m.I[m.ib + reg] !== 0
    default:
      return m.R[m.rb + reg]
  }
}

export function writeRegister(m: Banks, kind: Kind, reg: number, value: unknown): void {
  switch (kind) {
    case KIND.f64:
      m.F[m.fb + reg] = value as number
      return
    case KIND.i32:
      m.I[m.ib + reg] = value as number
      return
    case KIND.bool:
      m.I[m.ib + reg] = value === true ? 1 : 0
      return
    default:
      m.R[m.rb + reg] = value
  }
}
