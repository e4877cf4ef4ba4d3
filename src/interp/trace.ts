import { locate, type Frame } from '../base/index.ts'
import { funcAt, spanAt, type Bytecode } from './bytecode.ts'
import { WIDTH } from './opcodes.ts'
import { ErrorInstance } from '../values/index.ts'

/** Frames that a trace keeps, innermost first. */
const FRAMES_MAX = 50

/** Where a machine is: addresses of the instruction at work and of the calls that led to it. */
export function captureTrace(m: { readonly pc: number; readonly sp: number; readonly S: Int32Array }): Int32Array {
  const trace = new Int32Array(Math.max(1, Math.min(FRAMES_MAX, m.sp)))
  trace[0] = m.pc - WIDTH
  for (let i = 1; i < trace.length; i++) trace[i] = m.S[m.sp - i] - WIDTH
  return trace
}

/** A trace as functions and places. */
export function describeTrace(bytecode: Bytecode, trace: Int32Array): Frame[] {
  const frames: Frame[] = []
  for (const pc of trace) {
    const func = funcAt(bytecode, pc)
    if (!func) continue
    const span = spanAt(bytecode, pc)
    const location = span && locate(bytecode.module.files, span)
    frames.push({ function: func.name, ...(location && { location }) })
  }
  return frames
}

/** Where a thrown value comes from: an Error knows where it was made. */
export function traceOf(value: unknown, thrownAt: Int32Array): Int32Array {
  return value instanceof ErrorInstance ? (value.trace as Int32Array) : thrownAt
}
