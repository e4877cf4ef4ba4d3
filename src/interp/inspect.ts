import { locate, type Encoded, type Location } from '../base/index.ts'
import { Cell, encodeValue, Limited, NumberCell, UNSET } from '../values/index.ts'
import { funcAt, spanAt } from './bytecode.ts'
import { HALT_PC } from './compile/index.ts'
import type { Machine } from './machine.ts'
import { WIDTH } from './opcodes.ts'
import { readRegister, type Banks } from './registers.ts'

/** Bytes of JSON up to which a variable is shown. */
const SHOWN_MAX = 65_536

/** A call in progress, as a debugger shows it. */
export type FrameView = {
  readonly function: string
  readonly location?: Location
  /** Named variables; without a value when there is none yet, or it is too large to show. */
  readonly variables: readonly { readonly name: string; readonly value?: Encoded }[]
}

/**
 * The calls in progress of a machine that is paused, innermost first, at most `framesMax`. Code must have been
 * compiled for debugging: otherwise variables may share registers.
 */
export function inspectFrames(machine: Machine, framesMax = 50): FrameView[] {
  const { bytecode, S } = machine
  const { code, module } = bytecode
  const views: FrameView[] = []
  const banks: Banks = { F: machine.F, I: machine.I, R: machine.R, fb: machine.fb, ib: machine.ib, rb: machine.rb }
  let pc = machine.pc
  for (let sp = machine.sp; pc !== HALT_PC && views.length < framesMax;) {
    const func = funcAt(bytecode, pc - WIDTH)
    if (!func) break
    const span = spanAt(bytecode, pc - WIDTH)
    const location = span && locate(module.files, span)
    const named = func.locals.filter(({ name }) => name !== '')
    const variables = named.map(({ name, kind, reg }) => ({ name, ...shown(readRegister(banks, kind, reg)) }))
    views.push({ function: func.name, ...(location && { location }), variables })
    pc = S[--sp]
    banks.fb -= code[pc - 4]
    banks.ib -= code[pc - 3]
    banks.rb -= code[pc - 2]
  }
  return views
}

function shown(value: unknown): { readonly value?: Encoded } {
  if (value instanceof NumberCell) return value.ready ? { value: encodeValue(value.value, SHOWN_MAX) } : {}
  if (value instanceof Cell) return shown(value.value)
  if (value === UNSET) return {}
  try {
    return { value: encodeValue(value, SHOWN_MAX) }
  } catch (error) {
    if (error instanceof Limited) return {}
    throw error
  }
}
