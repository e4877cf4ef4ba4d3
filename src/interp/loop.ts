import type { Bytecode } from './bytecode.ts'
import { Limited, Thrown, Trapped } from './failure.ts'
import { UNSET } from './layout.ts'
import type { Machine } from './machine.ts'
import { isPresent } from './operations/array.ts'
import { WIDTH } from './opcodes.ts'
import { runSite } from './site.ts'
import { Instance, type Cell, type Closure, type NumberCell } from './values.ts'

const DEPTH = 'too many nested calls'

/** The named dispatch loop: literal numbers, see `opcodes.ts`. */
export function dispatch(m: Machine): void {
  const { code, numbers: K, refs, sites, funcs }: Bytecode = m.bytecode
  const { counters: C, globals, globalNumbers, depthMax } = m
  const { F, I, R, S, room } = m
  let { pc, fb, ib, rb, sp } = m
  for (;;) {
    try {
      for (;;) {
        pc += WIDTH
        switch (code[pc - WIDTH]) {
          case 0: // HALT
            return m.stop(pc, fb, ib, rb, sp, true)
          case 1: // SITE
            m.pc = pc
            m.sp = sp
            m.fb = fb
            m.ib = ib
            m.rb = rb
            runSite(m, sites[code[pc - 5]])
            break
          case 2: // STMT
            if (m.pauseAtStatement()) return m.stop(pc, fb, ib, rb, sp, false)
            break
          case 3: // THROW
            throw new Thrown(R[rb + code[pc - 5]])
          case 4: // UNREACHABLE
            throw new Trapped('unreachable')
          case 5: // JMP
            pc = code[pc - 5]
            break
          case 6: // JT
            if (I[ib + code[pc - 5]] !== 0) pc = code[pc - 4]
            break
          case 7: // JF
            if (I[ib + code[pc - 5]] === 0) pc = code[pc - 4]
            break
          case 8: // JEQI
            if (I[ib + code[pc - 5]] === code[pc - 4]) pc = code[pc - 3]
            break
          case 9: // FUEL
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--
            break
          case 10: // FUEL_ADDK
            if (C[0] === 0 && !m.refuel()) return m.stop(pc - WIDTH, fb, ib, rb, sp, false)
            C[0]--
            F[fb + code[pc - 5]] += K[code[pc - 4]]
            break
          case 11: // CALL
            fb += code[pc - 4]
            ib += code[pc - 3]
            rb += code[pc - 2]
            if (fb + ib + rb + sp > room) return m.retryCall(pc, fb, ib, rb, sp, true)
            S[sp++] = pc
            pc = code[pc - 5]
            break
          case 12: // CALL_CYCLIC
            fb += code[pc - 4]
            ib += code[pc - 3]
            rb += code[pc - 2]
            if (fb + ib + rb + sp > room) return m.retryCall(pc, fb, ib, rb, sp, true)
            if (C[0] === 0 && !m.refuel()) return m.retryCall(pc, fb, ib, rb, sp, false)
            C[0]--
            if (C[2] === depthMax) throw new Limited('depth', DEPTH)
            if (++C[2] > C[3]) C[3] = C[2]
            S[sp++] = pc
            pc = code[pc - 5]
            break
          case 13: {
            // INVOKE
            const closure = R[rb + code[pc - 5]] as Closure
            const func = funcs[closure.func]
            fb += code[pc - 4]
            ib += code[pc - 3]
            rb += code[pc - 2]
            if (fb + ib + rb + sp > room) return m.retryCall(pc, fb, ib, rb, sp, true)
            if (func.cyclic) {
              if (C[0] === 0 && !m.refuel()) return m.retryCall(pc, fb, ib, rb, sp, false)
              C[0]--
              if (C[2] === depthMax) throw new Limited('depth', DEPTH)
              if (++C[2] > C[3]) C[3] = C[2]
            }
            S[sp++] = pc
            if (closure.captures.length > 0) m.bindCaptures(func, closure, fb, ib, rb)
            pc = func.entry
            break
          }
          case 14: {
            // RET_F
            const value = F[fb + code[pc - 5]]
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            F[fb + code[pc - 1]] = value
            break
          }
          case 15: {
            // RET_I
            const value = I[ib + code[pc - 5]]
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            I[ib + code[pc - 1]] = value
            break
          }
          case 16: {
            // RET_R
            const value = R[rb + code[pc - 5]]
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            R[rb + code[pc - 1]] = value
            break
          }
          case 17: // RET_U
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            R[rb + code[pc - 1]] = undefined
            break
          case 18: {
            // RET_CYCLIC_F
            C[2]--
            const value = F[fb + code[pc - 5]]
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            F[fb + code[pc - 1]] = value
            break
          }
          case 19: {
            // RET_CYCLIC_I
            C[2]--
            const value = I[ib + code[pc - 5]]
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            I[ib + code[pc - 1]] = value
            break
          }
          case 20: {
            // RET_CYCLIC_R
            C[2]--
            const value = R[rb + code[pc - 5]]
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            R[rb + code[pc - 1]] = value
            break
          }
          case 21: // RET_CYCLIC_U
            C[2]--
            pc = S[--sp]
            fb -= code[pc - 4]
            ib -= code[pc - 3]
            rb -= code[pc - 2]
            R[rb + code[pc - 1]] = undefined
            break
          case 22: // MOV_F
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]]
            break
          case 23: // MOV_I
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]]
            break
          case 24: // MOV_R
            R[rb + code[pc - 5]] = R[rb + code[pc - 4]]
            break
          case 25: // LDK_F
            F[fb + code[pc - 5]] = K[code[pc - 4]]
            break
          case 26: // LDK_I
            I[ib + code[pc - 5]] = code[pc - 4]
            break
          case 27: // LDK_R
            R[rb + code[pc - 5]] = refs[code[pc - 4]]
            break
          case 28: // ADD
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] + F[fb + code[pc - 3]]
            break
          case 29: // SUB
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] - F[fb + code[pc - 3]]
            break
          case 30: // MUL
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] * F[fb + code[pc - 3]]
            break
          case 31: // DIV
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] / F[fb + code[pc - 3]]
            break
          case 32: // REM
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] % F[fb + code[pc - 3]]
            break
          case 33: // NEG
            F[fb + code[pc - 5]] = -F[fb + code[pc - 4]]
            break
          case 34: // ADDK
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] + K[code[pc - 3]]
            break
          case 35: // SUBK
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] - K[code[pc - 3]]
            break
          case 36: // MULK
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] * K[code[pc - 3]]
            break
          case 37: // SQRT
            F[fb + code[pc - 5]] = Math.sqrt(F[fb + code[pc - 4]])
            break
          case 38: // FLOOR
            F[fb + code[pc - 5]] = Math.floor(F[fb + code[pc - 4]])
            break
          case 39: // ABS
            F[fb + code[pc - 5]] = Math.abs(F[fb + code[pc - 4]])
            break
          case 40: // LT
            I[ib + code[pc - 5]] = F[fb + code[pc - 4]] < F[fb + code[pc - 3]] ? 1 : 0
            break
          case 41: // LE
            I[ib + code[pc - 5]] = F[fb + code[pc - 4]] <= F[fb + code[pc - 3]] ? 1 : 0
            break
          case 42: // EQ
            I[ib + code[pc - 5]] = F[fb + code[pc - 4]] === F[fb + code[pc - 3]] ? 1 : 0
            break
          case 43: // NE
            I[ib + code[pc - 5]] = F[fb + code[pc - 4]] !== F[fb + code[pc - 3]] ? 1 : 0
            break
          case 44: // JLT
            if (F[fb + code[pc - 5]] < F[fb + code[pc - 4]]) pc = code[pc - 3]
            break
          case 45: // JLE
            if (F[fb + code[pc - 5]] <= F[fb + code[pc - 4]]) pc = code[pc - 3]
            break
          case 46: // JNLT
            if (!(F[fb + code[pc - 5]] < F[fb + code[pc - 4]])) pc = code[pc - 3]
            break
          case 47: // JNLE
            if (!(F[fb + code[pc - 5]] <= F[fb + code[pc - 4]])) pc = code[pc - 3]
            break
          case 48: // JEQ
            if (F[fb + code[pc - 5]] === F[fb + code[pc - 4]]) pc = code[pc - 3]
            break
          case 49: // JNE
            if (F[fb + code[pc - 5]] !== F[fb + code[pc - 4]]) pc = code[pc - 3]
            break
          case 50: // JLTK
            if (F[fb + code[pc - 5]] < K[code[pc - 4]]) pc = code[pc - 3]
            break
          case 51: // JLEK
            if (F[fb + code[pc - 5]] <= K[code[pc - 4]]) pc = code[pc - 3]
            break
          case 52: // JGTK
            if (F[fb + code[pc - 5]] > K[code[pc - 4]]) pc = code[pc - 3]
            break
          case 53: // JGEK
            if (F[fb + code[pc - 5]] >= K[code[pc - 4]]) pc = code[pc - 3]
            break
          case 54: // JNLTK
            if (!(F[fb + code[pc - 5]] < K[code[pc - 4]])) pc = code[pc - 3]
            break
          case 55: // JNLEK
            if (!(F[fb + code[pc - 5]] <= K[code[pc - 4]])) pc = code[pc - 3]
            break
          case 56: // JNGTK
            if (!(F[fb + code[pc - 5]] > K[code[pc - 4]])) pc = code[pc - 3]
            break
          case 57: // JNGEK
            if (!(F[fb + code[pc - 5]] >= K[code[pc - 4]])) pc = code[pc - 3]
            break
          case 58: // JEQK
            if (F[fb + code[pc - 5]] === K[code[pc - 4]]) pc = code[pc - 3]
            break
          case 59: // JNEK
            if (F[fb + code[pc - 5]] !== K[code[pc - 4]]) pc = code[pc - 3]
            break
          case 60: // NOT
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]] ^ 1
            break
          case 61: // AND_I
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]] & I[ib + code[pc - 3]]
            break
          case 62: // OR_I
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]] | I[ib + code[pc - 3]]
            break
          case 63: // XOR_I
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]] ^ I[ib + code[pc - 3]]
            break
          case 64: // SHL_I
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]] << I[ib + code[pc - 3]]
            break
          case 65: // SHR_I
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]] >> I[ib + code[pc - 3]]
            break
          case 66: // USHR_I
            I[ib + code[pc - 5]] = I[ib + code[pc - 4]] >>> I[ib + code[pc - 3]]
            break
          case 67: // TO_I32
            I[ib + code[pc - 5]] = F[fb + code[pc - 4]] | 0
            break
          case 68: // FROM_I32
            F[fb + code[pc - 5]] = I[ib + code[pc - 4]]
            break
          case 69: // FROM_U32
            F[fb + code[pc - 5]] = I[ib + code[pc - 4]] >>> 0
            break
          case 70: // AND_F
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] & F[fb + code[pc - 3]]
            break
          case 71: // OR_F
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] | F[fb + code[pc - 3]]
            break
          case 72: // XOR_F
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] ^ F[fb + code[pc - 3]]
            break
          case 73: // SHL_F
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] << F[fb + code[pc - 3]]
            break
          case 74: // SHR_F
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] >> F[fb + code[pc - 3]]
            break
          case 75: // USHR_F
            F[fb + code[pc - 5]] = F[fb + code[pc - 4]] >>> F[fb + code[pc - 3]]
            break
          case 76: // LENGTH
            F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as unknown[]).length
            break
          case 77: {
            // GET_F
            const list = R[rb + code[pc - 4]] as number[]
            const index = F[fb + code[pc - 3]]
            const i = index >>> 0
            if (i !== index || i >= list.length) throw new Trapped('index-out-of-bounds')
            const value = list[i]
            if (!(value === value) && !isPresent(list, i)) throw new Trapped('index-out-of-bounds')
            F[fb + code[pc - 5]] = value
            break
          }
          case 78: {
            // GET_B
            const list = R[rb + code[pc - 4]] as unknown[]
            const index = F[fb + code[pc - 3]]
            const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            if (value === undefined) throw new Trapped('index-out-of-bounds')
            I[ib + code[pc - 5]] = value === true ? 1 : 0
            break
          }
          case 79: {
            // GET_R
            const list = R[rb + code[pc - 4]] as unknown[]
            const index = F[fb + code[pc - 3]]
            const i = index >>> 0
            const value = i === index && i < list.length ? list[i] : undefined
            if (value === undefined && !isPresent(list, index)) throw new Trapped('index-out-of-bounds')
            R[rb + code[pc - 5]] = value
            break
          }
          case 80: {
            // GET_OPT
            const list = R[rb + code[pc - 4]] as unknown[]
            const index = F[fb + code[pc - 3]]
            const i = index >>> 0
            R[rb + code[pc - 5]] = i === index && i < list.length ? list[i] : undefined
            break
          }
          case 81: {
            // GET_NAN
            const list = R[rb + code[pc - 4]] as number[]
            const index = F[fb + code[pc - 3]]
            const i = index >>> 0
            F[fb + code[pc - 5]] = i === index && i < list.length ? list[i] : NaN
            break
          }
          case 82: {
            // SET_F
            const list = R[rb + code[pc - 5]] as number[]
            const index = F[fb + code[pc - 4]]
            const i = index >>> 0
            if (i === index && i < list.length) list[i] = F[fb + code[pc - 3]]
            else m.setElement(list, index, F[fb + code[pc - 3]])
            break
          }
          case 83: {
            // SET_B
            const list = R[rb + code[pc - 5]] as unknown[]
            const index = F[fb + code[pc - 4]]
            const i = index >>> 0
            if (i === index && i < list.length) list[i] = I[ib + code[pc - 3]] === 1
            else m.setElement(list, index, I[ib + code[pc - 3]] === 1)
            break
          }
          case 84: {
            // SET_R
            const list = R[rb + code[pc - 5]] as unknown[]
            const index = F[fb + code[pc - 4]]
            const i = index >>> 0
            if (i === index && i < list.length) list[i] = R[rb + code[pc - 3]]
            else m.setElement(list, index, R[rb + code[pc - 3]])
            break
          }
          case 85: {
            // PUSH_F
            m.allocate(8)
            const list = R[rb + code[pc - 5]] as number[]
            list.push(F[fb + code[pc - 4]])
            break
          }
          case 86: {
            // PUSH_R
            m.allocate(8)
            const list = R[rb + code[pc - 5]] as unknown[]
            list.push(R[rb + code[pc - 4]])
            break
          }
          case 87: // STRING_LENGTH
            F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as string).length
            break
          case 88: {
            // CODE_AT
            const text = R[rb + code[pc - 4]] as string
            const index = F[fb + code[pc - 3]]
            const i = index >>> 0
            F[fb + code[pc - 5]] = i === index ? text.charCodeAt(i) : text.charCodeAt(index)
            break
          }
          case 89: {
            // CHAR_AT
            const text = R[rb + code[pc - 4]] as string
            const index = F[fb + code[pc - 3]]
            const i = index >>> 0
            R[rb + code[pc - 5]] = i === index ? text.charAt(i) : text.charAt(index)
            break
          }
          case 90: {
            // CONCAT
            const left = R[rb + code[pc - 4]] as string
            const right = R[rb + code[pc - 3]] as string
            m.pc = pc
            m.sp = sp
            m.chargeConcat(left.length, right.length)
            R[rb + code[pc - 5]] = left + right
            break
          }
          case 91: {
            // STRING_EQ
            const left = R[rb + code[pc - 4]] as string
            const right = R[rb + code[pc - 3]] as string
            m.burn(Math.ceil(Math.min(left.length, right.length) / 64))
            I[ib + code[pc - 5]] = left === right ? 1 : 0
            break
          }
          case 92: // JSAME
            if (R[rb + code[pc - 5]] === R[rb + code[pc - 4]]) pc = code[pc - 3]
            break
          case 93: {
            // FIELD_F
            const object = R[rb + code[pc - 4]] as Instance
            const value = object.nums[code[pc - 3]]
            if (!(value === value) && object.order.has[code[pc - 2]] === 0) throw new Trapped('uninitialized-field')
            F[fb + code[pc - 5]] = value
            break
          }
          case 94: {
            // FIELD_B
            const value = (R[rb + code[pc - 4]] as Instance).refs[code[pc - 3]]
            if (value === UNSET) throw new Trapped('uninitialized-field')
            I[ib + code[pc - 5]] = value === true ? 1 : 0
            break
          }
          case 95: {
            // FIELD_R
            const value = (R[rb + code[pc - 4]] as Instance).refs[code[pc - 3]]
            if (value === UNSET) throw new Trapped('uninitialized-field')
            R[rb + code[pc - 5]] = value
            break
          }
          case 96: {
            // SET_FIELD_F
            const object = R[rb + code[pc - 5]] as Instance
            const order = object.order
            if (order.has[code[pc - 3]] === 0) object.order = order.with(code[pc - 3])
            object.nums[code[pc - 4]] = F[fb + code[pc - 2]]
            break
          }
          case 97: {
            // SET_FIELD_B
            const object = R[rb + code[pc - 5]] as Instance
            const order = object.order
            if (order.has[code[pc - 3]] === 0) object.order = order.with(code[pc - 3])
            object.refs[code[pc - 4]] = I[ib + code[pc - 2]] === 1
            break
          }
          case 98: {
            // SET_FIELD_R
            const object = R[rb + code[pc - 5]] as Instance
            const order = object.order
            if (order.has[code[pc - 3]] === 0) object.order = order.with(code[pc - 3])
            object.refs[code[pc - 4]] = R[rb + code[pc - 2]]
            break
          }
          case 99: {
            // CELL_F
            const cell = R[rb + code[pc - 4]] as NumberCell
            if (!cell.ready) m.failUnset(refs[code[pc - 3]] as string, pc, sp)
            F[fb + code[pc - 5]] = cell.value
            break
          }
          case 100: {
            // CELL_R
            const { value } = R[rb + code[pc - 4]] as Cell
            if (value === UNSET) m.failUnset(refs[code[pc - 3]] as string, pc, sp)
            R[rb + code[pc - 5]] = value
            break
          }
          case 101: {
            // SET_CELL_F
            const cell = R[rb + code[pc - 5]] as NumberCell
            cell.value = F[fb + code[pc - 4]]
            cell.ready = true
            break
          }
          case 102: // SET_CELL_R
            ;(R[rb + code[pc - 5]] as Cell).value = R[rb + code[pc - 4]]
            break
          case 103: {
            // GLOBAL_F
            const index = code[pc - 4]
            if (globals[index] === UNSET) m.failUnset(m.globalNames[index], pc, sp)
            F[fb + code[pc - 5]] = globalNumbers[index]
            break
          }
          case 104: {
            // GLOBAL_R
            const value = globals[code[pc - 4]]
            if (value === UNSET) m.failUnset(m.globalNames[code[pc - 4]], pc, sp)
            R[rb + code[pc - 5]] = value
            break
          }
          case 105: // SET_GLOBAL_F
            globals[code[pc - 4]] = true
            globalNumbers[code[pc - 4]] = F[fb + code[pc - 5]]
            break
          case 106: // SET_GLOBAL_R
            globals[code[pc - 4]] = R[rb + code[pc - 5]]
            break
          case 107: // BOX_F
            m.allocate(8)
            R[rb + code[pc - 5]] = F[fb + code[pc - 4]]
            break
          case 108: // BOX_R
            m.allocate(8)
            R[rb + code[pc - 5]] = R[rb + code[pc - 4]]
            break
          case 109: // IS_SAME
            I[ib + code[pc - 5]] = R[rb + code[pc - 4]] === R[rb + code[pc - 3]] ? 1 : 0
            break
          case 110: {
            // UNBOX_F
            const value = R[rb + code[pc - 4]]
            if (typeof value !== 'number') throw new Trapped('type-mismatch')
            F[fb + code[pc - 5]] = value
            break
          }
          case 111: {
            // UNBOX_OBJECT
            const value = R[rb + code[pc - 4]]
            if (!(value instanceof Instance) || value.layout.id !== code[pc - 3]) throw new Trapped('type-mismatch')
            R[rb + code[pc - 5]] = value
            break
          }
          case 112: // TUPLE_F
            F[fb + code[pc - 5]] = (R[rb + code[pc - 4]] as number[])[code[pc - 3]]
            break
          case 113: // TUPLE_R
            R[rb + code[pc - 5]] = (R[rb + code[pc - 4]] as unknown[])[code[pc - 3]]
            break
          case 114: // SET_TUPLE_F
            ;(R[rb + code[pc - 5]] as number[])[code[pc - 4]] = F[fb + code[pc - 3]]
            break
          case 115: // SET_TUPLE_R
            ;(R[rb + code[pc - 5]] as unknown[])[code[pc - 4]] = R[rb + code[pc - 3]]
            break
          case 116: // JNSAME
            if (R[rb + code[pc - 5]] !== R[rb + code[pc - 4]]) pc = code[pc - 3]
            break
        }
      }
    } catch (error) {
      m.stop(pc, fb, ib, rb, sp, false)
      if (!m.recover(error)) return
      ;({ pc, fb, ib, rb, sp } = m)
    }
  }
}
