import { ANSWER, AUDIT_ARCH, OP, type Instruction } from '../../../src/sandbox/isolation/bpf.ts'
import type { Processor } from '../../../src/sandbox/isolation/syscalls.ts'

/** A system call as a filter sees it: `struct seccomp_data` without the instruction pointer. */
export type Call = { readonly arch: number; readonly number: number; readonly args?: readonly number[] }

export const callOn = (processor: Processor, number: number, args: readonly number[] = []): Call => ({
  arch: AUDIT_ARCH[processor],
  number,
  args,
})

const NR_AT = 0
const ARCH_AT = 4
const ARGS_AT = 16

/**
 * What a program of classic BPF answers, by the rules of the kernel: only forward jumps, all of them within the program, and an
 * answer at the end of each path. Throws where the kernel would refuse the program.
 */
export function evaluate(program: readonly Instruction[], call: Call): string {
  let accumulator = 0
  for (let at = 0; at < program.length; at++) {
    const { code, jt, jf, k } = program[at]!
    if (code === OP.load) accumulator = load(call, k)
    else if (code === OP.and) accumulator = (accumulator & k) >>> 0
    else if (code === OP.jumpEqual) at += accumulator === k >>> 0 ? jt : jf
    else if (code === OP.jumpAtLeast) at += accumulator >= k >>> 0 ? jt : jf
    else if (code === OP.answer) return nameOf(k >>> 0)
    else throw new Error(`an instruction of code ${code}`)
  }
  throw new Error('the program ends without an answer')
}

function load({ arch, number, args = [] }: Call, offset: number): number {
  if (offset === NR_AT) return number >>> 0
  if (offset === ARCH_AT) return arch >>> 0
  const index = (offset - ARGS_AT) / 8
  if (!Number.isInteger(index) || index < 0 || index > 5) throw new Error(`a load at ${offset}`)
  return (args[index] ?? 0) >>> 0
}

function nameOf(answer: number): string {
  if (answer === ANSWER.allow) return 'allow'
  if (answer === ANSWER.kill) return 'kill'
  if ((answer & 0xffff_0000) >>> 0 === ANSWER.errno) return `errno ${answer & 0xffff}`
  throw new Error(`an answer ${answer}`)
}
