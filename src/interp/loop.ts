import {
  Cell,
  Instance,
  Limited,
  NumberCell,
  Thrown,
  Trapped,
  UNSET,
  type Closure,
  type TypedInstance,
} from '../values/index.ts'
import type { Machine } from './machine.ts'
import { WIDTH } from './opcodes.ts'
import { isPresent } from './operations/array.ts'
import { setElement } from './operations/typed.ts'
import { newObject, runSite } from './site.ts'

const DEPTH = 'too many nested calls'

/**
 * The dispatch loop; it ends when the machine is done, failed, pauses or needs larger banks.
 *
 * The numbers are literals (compare `opcodes.ts`), since only then V8 makes a jump table. The banks
 * are constants here, so that V8 need not ask what they are after every instruction.
 */
export function dispatch(m: Machine): void {
  const { code, numbers: K, refs, sites, funcs } = m.bytecode
  const { counters: C, globals, globalNumbers, depthMax, F, I, R, S, room } = m
  let { pc, fb, ib, rb, sp } = m
  for (;;) {
    try {
      // oxfmt-ignore
      for (;;) {
        pc += WIDTH
        switch (code[pc - WIDTH]) {
          // Control.
          case 0: /* HALT */ return m.stop(pc, fb, ib, rb, sp, true)
          case 1: /* UNREACHABLE */ throw new Trapped('unreachable')
          case 2: /* STMT */ m.stop(pc, fb, ib, rb, sp, false); if (m.pauseAtStatement()) return; break
          case 3: /* SITE */
            m.pc = pc; m.sp = sp; m.fb = fb; m.ib = ib; m.rb = rb; runSite(m, sites[code[pc - 5]]); break
          case 4: /* THROW */ throw new Thrown(R[rb + code[pc - 5]])
          case 5: /* JMP */ pc = code[pc - 5]; break
          case 6: /* JT */ if (I[ib + code[pc - 5]] !== 0) pc = code[pc - 4]; break
          case 7: /* JF */ if (I[ib + code[pc - 5]] === 0) pc = code[pc - 4]; break
          case 8: /* JEQI */ if (I[ib + code[pc - 5]] === code[pc - 4]) pc = code[pc - 3]; break
          // Loops.
          case 9: /* FUEL */
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--; break
          case 10: /* FUEL_JMP */
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--; pc = code[pc - 5]; break
          case 11: /* FUEL_ADDK */
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--; F[fb + code[pc - 5]] += K[code[pc - 4]]; break
          case 12: /* FOR_LT */ {
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--; const next = F[fb + code[pc - 5]] + K[code[pc - 4]]; F[fb + code[pc - 5]] = next
            if (next < F[fb + code[pc - 3]]) pc = code[pc - 2]; break }
          case 13: /* FOR_LTK */ {
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--; const next = F[fb + code[pc - 5]] + K[code[pc - 4]]; F[fb + code[pc - 5]] = next
            if (next < K[code[pc - 3]]) pc = code[pc - 2]; break }
          case 14: /* FOR_LENGTH */ {
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--; const next = F[fb + code[pc - 5]] + K[code[pc - 4]]; F[fb + code[pc - 5]] = next
            if (next < (R[rb + code[pc - 3]] as unknown[]).length) pc = code[pc - 2]; break }
          // Calls.
          case 15: /* CALL */
            fb += code[pc - 4]; ib += code[pc - 3]; rb += code[pc - 2]
            if (fb + ib + rb + sp > room) return m.retryCall(pc, fb, ib, rb, sp, true)
            S[sp++] = pc; pc = code[pc - 5]; break
          case 16: /* CALL_CYCLIC */
            fb += code[pc - 4]; ib += code[pc - 3]; rb += code[pc - 2]
            if (fb + ib + rb + sp > room) return m.retryCall(pc, fb, ib, rb, sp, true)
            if (C[0] === 0 && !m.refuel()) return m.retryCall(pc, fb, ib, rb, sp, false)
            if (C[2] === depthMax) throw new Limited('depth', DEPTH)
            C[0]--; if (++C[2] > C[3]) C[3] = C[2]; S[sp++] = pc; pc = code[pc - 5]; break
          case 17: /* INVOKE */ {
            const closure = R[rb + code[pc - 5]] as Closure; const func = funcs[closure.func]
            fb += code[pc - 4]; ib += code[pc - 3]; rb += code[pc - 2]
            if (fb + ib + rb + sp > room) return m.retryCall(pc, fb, ib, rb, sp, true)
            if (func.cyclic) {
              if (C[0] === 0 && !m.refuel()) return m.retryCall(pc, fb, ib, rb, sp, false)
              if (C[2] === depthMax) throw new Limited('depth', DEPTH)
              C[0]--
              if (++C[2] > C[3]) C[3] = C[2]
            }
            if (closure.captures.length > 0) m.bindCaptures(func, closure, fb, ib, rb)
            S[sp++] = pc; pc = func.entry; break }
          case 18: /* RET_F */ {
            const value = F[fb + code[pc - 5]]; pc = S[--sp]
            fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]; F[fb + code[pc - 1]] = value; break }
          case 19: /* RET_I */ {
            const value = I[ib + code[pc - 5]]; pc = S[--sp]
            fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]; I[ib + code[pc - 1]] = value; break }
          case 20: /* RET_R */ {
            const value = R[rb + code[pc - 5]]; pc = S[--sp]
            fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]; R[rb + code[pc - 1]] = value; break }
          case 21: /* RET_U */
            pc = S[--sp]; fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]
            R[rb + code[pc - 1]] = undefined; break
          case 22: /* RET_CYCLIC_F */ {
            C[2]--; const value = F[fb + code[pc - 5]]; pc = S[--sp]
            fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]; F[fb + code[pc - 1]] = value; break }
          case 23: /* RET_CYCLIC_I */ {
            C[2]--; const value = I[ib + code[pc - 5]]; pc = S[--sp]
            fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]; I[ib + code[pc - 1]] = value; break }
          case 24: /* RET_CYCLIC_R */ {
            C[2]--; const value = R[rb + code[pc - 5]]; pc = S[--sp]
            fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]; R[rb + code[pc - 1]] = value; break }
          case 25: /* RET_CYCLIC_U */
            C[2]--; pc = S[--sp]; fb -= code[pc - 4]; ib -= code[pc - 3]; rb -= code[pc - 2]
            R[rb + code[pc - 1]] = undefined; break
          // Moves and constants.
          case 26: /* MOV_F */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]]; break
          case 27: /* MOV_I */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]]; break
          case 28: /* MOV_R */ R[rb + code[pc - 5]] = R[rb + code[pc - 4]]; break
          case 29: /* LDK_F */ F[fb + code[pc - 5]] = K[code[pc - 4]]; break
          case 30: /* LDK_I */ I[ib + code[pc - 5]] = code[pc - 4]; break
          case 31: /* LDK_R */ R[rb + code[pc - 5]] = refs[code[pc - 4]]; break
          // Arithmetic.
          case 32: /* ADD */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] + F[fb + code[pc - 3]]; break
          case 33: /* SUB */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] - F[fb + code[pc - 3]]; break
          case 34: /* MUL */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] * F[fb + code[pc - 3]]; break
          case 35: /* DIV */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] / F[fb + code[pc - 3]]; break
          case 36: /* REM */ {
            // The host calls a function for doubles, so small whole numbers go another way.
            const left = F[fb + code[pc - 4]]; const right = F[fb + code[pc - 3]]; const whole = left | 0
            if (whole === left && whole > 0 && (right | 0) === right && right > 0) F[fb + code[pc - 5]] = whole % (right | 0)
            else F[fb + code[pc - 5]] = left % right; break }
          case 37: /* MIN */ F[fb + code[pc - 5]] = Math.min(F[fb + code[pc - 4]], F[fb + code[pc - 3]]); break
          case 38: /* MAX */ F[fb + code[pc - 5]] = Math.max(F[fb + code[pc - 4]], F[fb + code[pc - 3]]); break
          case 39: /* ADDK */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] + K[code[pc - 3]]; break
          case 40: /* SUBK */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] - K[code[pc - 3]]; break
          case 41: /* MULK */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] * K[code[pc - 3]]; break
          case 42: /* DIVK */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] / K[code[pc - 3]]; break
          case 43: /* REMK */ {
            const left = F[fb + code[pc - 4]]; const right = K[code[pc - 3]]; const whole = left | 0
            if (whole === left && whole > 0 && (right | 0) === right && right > 0) F[fb + code[pc - 5]] = whole % (right | 0)
            else F[fb + code[pc - 5]] = left % right; break }
          case 44: /* KSUB */ F[fb + code[pc - 5]] = K[code[pc - 4]] - F[fb + code[pc - 3]]; break
          case 45: /* KDIV */ F[fb + code[pc - 5]] = K[code[pc - 4]] / F[fb + code[pc - 3]]; break
          case 46: /* MUL_ADD */
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] + F[fb + code[pc - 3]] * F[fb + code[pc - 2]]; break
          case 47: /* MUL_SUB */
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] - F[fb + code[pc - 3]] * F[fb + code[pc - 2]]; break
          case 48: /* NEG */ F[fb + code[pc - 5]] = -F[fb + code[pc - 4]]; break
          case 49: /* SQRT */ F[fb + code[pc - 5]] = Math.sqrt(F[fb + code[pc - 4]]); break
          case 50: /* FLOOR */ F[fb + code[pc - 5]] = Math.floor(F[fb + code[pc - 4]]); break
          case 51: /* ABS */ F[fb + code[pc - 5]] = Math.abs(F[fb + code[pc - 4]]); break
          // Comparisons.
          case 52: /* LT */ I[ib + code[pc - 5]] = F[fb + code[pc - 4]] < F[fb + code[pc - 3]] ? 1 : 0; break
          case 53: /* LE */ I[ib + code[pc - 5]] = F[fb + code[pc - 4]] <= F[fb + code[pc - 3]] ? 1 : 0; break
          case 54: /* EQ */ I[ib + code[pc - 5]] = F[fb + code[pc - 4]] === F[fb + code[pc - 3]] ? 1 : 0; break
          case 55: /* NE */ I[ib + code[pc - 5]] = F[fb + code[pc - 4]] !== F[fb + code[pc - 3]] ? 1 : 0; break
          case 56: /* TRUTHY */ {
            const value = F[fb + code[pc - 4]]; I[ib + code[pc - 5]] = value !== 0 && value === value ? 1 : 0; break }
          case 57: /* NOT */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]] ^ 1; break
          case 58: /* JLT */ if (F[fb + code[pc - 5]] < F[fb + code[pc - 4]]) pc = code[pc - 3]; break
          case 59: /* JLE */ if (F[fb + code[pc - 5]] <= F[fb + code[pc - 4]]) pc = code[pc - 3]; break
          case 60: /* JEQ */ if (F[fb + code[pc - 5]] === F[fb + code[pc - 4]]) pc = code[pc - 3]; break
          case 61: /* JNE */ if (F[fb + code[pc - 5]] !== F[fb + code[pc - 4]]) pc = code[pc - 3]; break
          case 62: /* JNLT */ if (!(F[fb + code[pc - 5]] < F[fb + code[pc - 4]])) pc = code[pc - 3]; break
          case 63: /* JNLE */ if (!(F[fb + code[pc - 5]] <= F[fb + code[pc - 4]])) pc = code[pc - 3]; break
          case 64: /* JLTK */ if (F[fb + code[pc - 5]] < K[code[pc - 4]]) pc = code[pc - 3]; break
          case 65: /* JLEK */ if (F[fb + code[pc - 5]] <= K[code[pc - 4]]) pc = code[pc - 3]; break
          case 66: /* JGTK */ if (F[fb + code[pc - 5]] > K[code[pc - 4]]) pc = code[pc - 3]; break
          case 67: /* JGEK */ if (F[fb + code[pc - 5]] >= K[code[pc - 4]]) pc = code[pc - 3]; break
          case 68: /* JEQK */ if (F[fb + code[pc - 5]] === K[code[pc - 4]]) pc = code[pc - 3]; break
          case 69: /* JNEK */ if (F[fb + code[pc - 5]] !== K[code[pc - 4]]) pc = code[pc - 3]; break
          case 70: /* JNLTK */ if (!(F[fb + code[pc - 5]] < K[code[pc - 4]])) pc = code[pc - 3]; break
          case 71: /* JNLEK */ if (!(F[fb + code[pc - 5]] <= K[code[pc - 4]])) pc = code[pc - 3]; break
          case 72: /* JNGTK */ if (!(F[fb + code[pc - 5]] > K[code[pc - 4]])) pc = code[pc - 3]; break
          case 73: /* JNGEK */ if (!(F[fb + code[pc - 5]] >= K[code[pc - 4]])) pc = code[pc - 3]; break
          case 74: /* JTRUTHY */ if (F[fb + code[pc - 5]] !== 0 && F[fb + code[pc - 5]] === F[fb + code[pc - 5]]) pc = code[pc - 4]; break
          case 75: /* JFALSY */ if (!(F[fb + code[pc - 5]] !== 0 && F[fb + code[pc - 5]] === F[fb + code[pc - 5]])) pc = code[pc - 4]; break
          // Bits.
          case 76: /* AND_I */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]] & I[ib + code[pc - 3]]; break
          case 77: /* OR_I */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]] | I[ib + code[pc - 3]]; break
          case 78: /* XOR_I */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]] ^ I[ib + code[pc - 3]]; break
          case 79: /* SHL_I */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]] << I[ib + code[pc - 3]]; break
          case 80: /* SHR_I */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]] >> I[ib + code[pc - 3]]; break
          case 81: /* USHR_I */ I[ib + code[pc - 5]] = I[ib + code[pc - 4]] >>> I[ib + code[pc - 3]]; break
          case 82: /* TO_I32 */ I[ib + code[pc - 5]] = F[fb + code[pc - 4]] | 0; break
          case 83: /* FROM_I32 */ F[fb + code[pc - 5]] = I[ib + code[pc - 4]]; break
          case 84: /* FROM_U32 */ F[fb + code[pc - 5]] = I[ib + code[pc - 4]] >>> 0; break
          case 85: /* AND_F */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] & F[fb + code[pc - 3]]; break
          case 86: /* OR_F */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] | F[fb + code[pc - 3]]; break
          case 87: /* XOR_F */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] ^ F[fb + code[pc - 3]]; break
          case 88: /* SHL_F */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] << F[fb + code[pc - 3]]; break
          case 89: /* SHR_F */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] >> F[fb + code[pc - 3]]; break
          case 90: /* USHR_F */ F[fb + code[pc - 5]] = F[fb + code[pc - 4]] >>> F[fb + code[pc - 3]]; break
          // Arrays and tuples.
          case 91: /* LENGTH */ F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as unknown[]).length; break
          case 92: /* GET_F */ {
            const list = R[rb + code[pc - 4]] as number[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            if (i !== index || i >= list.length) throw new Trapped('index-out-of-bounds')
            const value = +list[i]
            if (value !== value && !isPresent(list, i)) throw new Trapped('index-out-of-bounds')
            F[fb + code[pc - 5]] = value; break }
          case 93: /* GET_B */ {
            const list = R[rb + code[pc - 4]] as unknown[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            if (value === undefined) throw new Trapped('index-out-of-bounds')
            I[ib + code[pc - 5]] = value === true ? 1 : 0; break }
          case 94: /* GET_R */ {
            const list = R[rb + code[pc - 4]] as unknown[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            if (value === undefined && !isPresent(list, index)) throw new Trapped('index-out-of-bounds')
            R[rb + code[pc - 5]] = value; break }
          case 95: /* GET_OPT */ {
            const list = R[rb + code[pc - 4]] as unknown[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            R[rb + code[pc - 5]] = i === index && i < list.length ? list[i] : undefined; break }
          case 96: /* GET_SOME */ {
            const list = R[rb + code[pc - 4]] as unknown[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            R[rb + code[pc - 5]] = value
            if (value !== undefined) pc = code[pc - 2]; break }
          case 97: /* GET_REQUIRED */ {
            const list = R[rb + code[pc - 4]] as unknown[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            R[rb + code[pc - 5]] = value
            if (value !== null && value !== undefined) break
            m.pc = pc; m.sp = sp; m.fb = fb; m.ib = ib; m.rb = rb
            runSite(m, sites[code[pc - 2]]); break }
          case 98: /* GET_NAN */ {
            const list = R[rb + code[pc - 4]] as number[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            F[fb + code[pc - 5]] = i === index && i < list.length ? list[i] : NaN; break }
          case 99: /* SET_F */ {
            const list = R[rb + code[pc - 5]] as number[]; const index = F[fb + code[pc - 4]]; const i = index >>> 0
            if (i === index && i < list.length) list[i] = F[fb + code[pc - 3]]
            else m.setElement(list, index, F[fb + code[pc - 3]]); break }
          case 100: /* SET_B */ {
            const list = R[rb + code[pc - 5]] as unknown[]; const index = F[fb + code[pc - 4]]; const i = index >>> 0
            if (i === index && i < list.length) list[i] = I[ib + code[pc - 3]] === 1
            else m.setElement(list, index, I[ib + code[pc - 3]] === 1); break }
          case 101: /* SET_R */ {
            const list = R[rb + code[pc - 5]] as unknown[]; const index = F[fb + code[pc - 4]]; const i = index >>> 0
            if (i === index && i < list.length) list[i] = R[rb + code[pc - 3]]
            else m.setElement(list, index, R[rb + code[pc - 3]]); break }
          case 102: /* PUSH_F */ {
            m.allocate(8); const list = R[rb + code[pc - 5]] as number[]; list.push(F[fb + code[pc - 4]]); break }
          case 103: /* PUSH_R */ {
            m.allocate(8); const list = R[rb + code[pc - 5]] as unknown[]; list.push(R[rb + code[pc - 4]]); break }
          case 104: /* JNHAS_F */ {
            const list = R[rb + code[pc - 5]] as number[]; const index = F[fb + code[pc - 4]]; const i = index >>> 0
            const value = i === index && i < list.length ? +list[i] : NaN
            if (value !== value && !isPresent(list, index)) pc = code[pc - 3]; break }
          case 105: /* JNHAS_R */ {
            const list = R[rb + code[pc - 5]] as unknown[]; const index = F[fb + code[pc - 4]]; const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            if (value === undefined && !isPresent(list, index)) pc = code[pc - 3]; break }
          case 106: /* GET_HAS_F */ {
            const list = R[rb + code[pc - 4]] as number[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            const value = i === index && i < list.length ? +list[i] : NaN
            if (value !== value && !isPresent(list, index)) pc = code[pc - 2]
            else F[fb + code[pc - 5]] = value
            break }
          case 107: /* GET_HAS_R */ {
            const list = R[rb + code[pc - 4]] as unknown[]; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            if (value === undefined && !isPresent(list, index)) pc = code[pc - 2]
            else R[rb + code[pc - 5]] = value
            break }
          case 108: /* TUPLE_F */ F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as number[])[code[pc - 3]]; break
          case 109: /* TUPLE_R */ R[rb + code[pc - 5]] = (R[rb + code[pc - 4]] as unknown[])[code[pc - 3]]; break
          case 110: /* SET_TUPLE_F */ {
            const tuple = R[rb + code[pc - 5]] as number[]; tuple[code[pc - 4]] = F[fb + code[pc - 3]]; break }
          case 111: /* SET_TUPLE_R */ {
            const tuple = R[rb + code[pc - 5]] as unknown[]; tuple[code[pc - 4]] = R[rb + code[pc - 3]]; break }
          // Strings.
          case 112: /* STRING_LENGTH */ F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as string).length; break
          case 113: /* CODE_AT */ {
            const text = R[rb + code[pc - 4]] as string; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            F[fb + code[pc - 5]] = i === index ? text.charCodeAt(i) : text.charCodeAt(index); break }
          case 114: /* CHAR_AT */ {
            const text = R[rb + code[pc - 4]] as string; const index = F[fb + code[pc - 3]]; const i = index >>> 0
            R[rb + code[pc - 5]] = i === index ? text.charAt(i) : text.charAt(index); break }
          case 115: /* CONCAT */ {
            const left = R[rb + code[pc - 4]] as string; const right = R[rb + code[pc - 3]] as string
            m.pc = pc; m.sp = sp; m.chargeConcat(left.length, right.length); R[rb + code[pc - 5]] = left + right
            break }
          case 116: /* STRING_EQ */ {
            const left = R[rb + code[pc - 4]] as string; const right = R[rb + code[pc - 3]] as string
            m.burn(Math.ceil(Math.min(left.length, right.length) / 64)); I[ib + code[pc - 5]] = left === right ? 1 : 0
            break }
          // Objects, cells and globals.
          case 117: /* NEW_OBJECT */ m.fb = fb; m.ib = ib; m.rb = rb; newObject(m, sites[code[pc - 5]]); break
          case 118: /* FIELD_F */ {
            const object = R[rb + code[pc - 4]] as Instance; const value = object.nums[code[pc - 3]]
            if (!(value === value) && object.order.has[code[pc - 2]] === 0) throw new Trapped('uninitialized-field')
            F[fb + code[pc - 5]] = value; break }
          case 119: /* FIELD_B */ {
            const value = (R[rb + code[pc - 4]] as Instance).refs[code[pc - 3]]
            if (value === UNSET) throw new Trapped('uninitialized-field')
            I[ib + code[pc - 5]] = value === true ? 1 : 0; break }
          case 120: /* FIELD_R */ {
            const value = (R[rb + code[pc - 4]] as Instance).refs[code[pc - 3]]
            if (value === UNSET) throw new Trapped('uninitialized-field')
            R[rb + code[pc - 5]] = value; break }
          case 121: /* SET_FIELD_F */ {
            const object = R[rb + code[pc - 5]] as Instance
            if (object.order.has[code[pc - 3]] === 0) object.order = object.order.with(code[pc - 3])
            object.nums[code[pc - 4]] = F[fb + code[pc - 2]]; break }
          case 122: /* SET_FIELD_B */ {
            const object = R[rb + code[pc - 5]] as Instance
            if (object.order.has[code[pc - 3]] === 0) object.order = object.order.with(code[pc - 3])
            object.refs[code[pc - 4]] = I[ib + code[pc - 2]] === 1; break }
          case 123: /* SET_FIELD_R */ {
            const object = R[rb + code[pc - 5]] as Instance
            if (object.order.has[code[pc - 3]] === 0) object.order = object.order.with(code[pc - 3])
            object.refs[code[pc - 4]] = R[rb + code[pc - 2]]; break }
          case 124: /* NEW_CELL_F */
            m.allocate(24); R[rb + code[pc - 5]] = new NumberCell(F[fb + code[pc - 4]], true); break
          case 125: /* NEW_CELL_R */ m.allocate(24); R[rb + code[pc - 5]] = new Cell(R[rb + code[pc - 4]]); break
          case 126: /* CELL_F */ {
            const cell = R[rb + code[pc - 4]] as NumberCell
            if (!cell.ready) m.failUnset(refs[code[pc - 3]] as string, pc, sp)
            F[fb + code[pc - 5]] = cell.value; break }
          case 127: /* CELL_R */ {
            const { value } = R[rb + code[pc - 4]] as Cell
            if (value === UNSET) m.failUnset(refs[code[pc - 3]] as string, pc, sp)
            R[rb + code[pc - 5]] = value; break }
          case 128: /* SET_CELL_F */ {
            const cell = R[rb + code[pc - 5]] as NumberCell; cell.value = F[fb + code[pc - 4]]; cell.ready = true
            break }
          case 129: /* SET_CELL_R */ {
            const cell = R[rb + code[pc - 5]] as Cell; cell.value = R[rb + code[pc - 4]]; break }
          case 130: /* GLOBAL_F */ {
            const index = code[pc - 4]; if (globals[index] === UNSET) m.failUnset(m.globalNames[index], pc, sp)
            F[fb + code[pc - 5]] = globalNumbers[index]; break }
          case 131: /* GLOBAL_R */ {
            const value = globals[code[pc - 4]]; if (value === UNSET) m.failUnset(m.globalNames[code[pc - 4]], pc, sp)
            R[rb + code[pc - 5]] = value; break }
          case 132: /* SET_GLOBAL_F */
            globals[code[pc - 4]] = true; globalNumbers[code[pc - 4]] = F[fb + code[pc - 5]]; break
          case 133: /* SET_GLOBAL_R */ globals[code[pc - 4]] = R[rb + code[pc - 5]]; break
          // Boxed values.
          case 134: /* IS_SAME */ I[ib + code[pc - 5]] = R[rb + code[pc - 4]] === R[rb + code[pc - 3]] ? 1 : 0; break
          case 135: /* JSAME */ if (R[rb + code[pc - 5]] === R[rb + code[pc - 4]]) pc = code[pc - 3]; break
          case 136: /* JNSAME */ if (R[rb + code[pc - 5]] !== R[rb + code[pc - 4]]) pc = code[pc - 3]; break
          case 137: /* JREFK */ if (R[rb + code[pc - 5]] === refs[code[pc - 4]]) pc = code[pc - 3]; break
          case 138: /* JNREFK */ if (R[rb + code[pc - 5]] !== refs[code[pc - 4]]) pc = code[pc - 3]; break
          case 139: /* JNONE */
            if (R[rb + code[pc - 5]] === null || R[rb + code[pc - 5]] === undefined) pc = code[pc - 4]; break
          case 140: /* JSOME */
            if (R[rb + code[pc - 5]] !== null && R[rb + code[pc - 5]] !== undefined) pc = code[pc - 4]; break
          case 141: /* BOX_F */ m.allocate(8); R[rb + code[pc - 5]] = F[fb + code[pc - 4]]; break
          case 142: /* BOX_R */ m.allocate(8); R[rb + code[pc - 5]] = R[rb + code[pc - 4]]; break
          case 143: /* UNBOX_F */ {
            const value = R[rb + code[pc - 4]]; if (typeof value !== 'number') throw new Trapped('type-mismatch')
            F[fb + code[pc - 5]] = value; break }
          case 144: /* UNBOX_SOME */ {
            const value = R[rb + code[pc - 4]]
            if (value === null || value === undefined) throw new Trapped('type-mismatch')
            R[rb + code[pc - 5]] = value; break }
          case 145: /* UNBOX_OBJECT */ {
            const value = R[rb + code[pc - 4]]
            if (!(value instanceof Instance) || value.layout.id !== code[pc - 3]) throw new Trapped('type-mismatch')
            R[rb + code[pc - 5]] = value; break }
          case 146: /* REQUIRE */ {
            const value = R[rb + code[pc - 5]]
            if (value !== null && value !== undefined) break
            m.pc = pc; m.sp = sp; m.fb = fb; m.ib = ib; m.rb = rb
            runSite(m, sites[code[pc - 4]]); break }
          case 147: /* RETHROW */ throw new Thrown(R[rb + code[pc - 5]], R[rb + code[pc - 4]])
          case 148: /* TYPED_GET */ {
            const element = (R[rb + code[pc - 4]] as TypedInstance).elements[F[fb + code[pc - 3]]]
            if (element === undefined) throw new Trapped('index-out-of-bounds')
            F[fb + code[pc - 5]] = element; break }
          case 149: /* TYPED_NAN */
            F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as TypedInstance).elements[F[fb + code[pc - 3]]] ?? NaN; break
          case 150: /* TYPED_LENGTH */
            F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as TypedInstance).elements.length; break
          case 151: /* TYPED_SET */
            setElement(R[rb + code[pc - 5]] as TypedInstance, F[fb + code[pc - 4]], F[fb + code[pc - 3]]); break
        }
      }
    } catch (error) {
      m.stop(pc, fb, ib, rb, sp, false)
      if (!m.recover(error)) return
      ;({ pc, fb, ib, rb, sp } = m)
    }
  }
}
