import { SYSCALLS, UNLISTED, type FilterName, type Processor } from './syscalls.ts'
import { ERRNO, type Condition, type Installer, type Verdict } from './verdict.ts'

/** One instruction of classic BPF (linux/filter.h): `jt` and `jf` count instructions to skip. */
export type Instruction = { readonly code: number; readonly jt: number; readonly jf: number; readonly k: number }

/** BPF_LD|BPF_W|BPF_ABS, BPF_ALU|BPF_AND|BPF_K, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JGE|BPF_K, BPF_RET|BPF_K. */
export const OP = { load: 0x20, and: 0x54, jumpEqual: 0x15, jumpAtLeast: 0x35, answer: 0x06 } as const

/** Values that a seccomp program returns (seccomp(2)). */
export const ANSWER = { kill: 0x8000_0000, errno: 0x0005_0000, allow: 0x7fff_0000 } as const

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 (linux/audit.h). */
export const AUDIT_ARCH = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const satisfies Record<Processor, number>

/** Calls of the x32 ABI have this bit, and are other calls under the same number. */
const X32_BIT = 0x4000_0000
/** Offsets in `struct seccomp_data`; arguments are 64 bits wide and little-endian on both processors. */
const NR_AT = 0
const ARCH_AT = 4
const ARGS_AT = 16
const ARG_BYTES = 8

/** Of the outer filter, which names nothing of the kind. */
const NOBODY: Installer = { self: 0, wakes: [] }

/** The filter as instructions. */
export function buildFilter(filter: FilterName, processor: Processor, installer: Installer = NOBODY): Instruction[] {
  const rows = SYSCALLS.flatMap(({ numbers, verdicts }) => {
    const number = numbers[processor]
    return number === undefined ? [] : forCall(number, judge(verdicts[filter], installer))
  })
  return [
    step(OP.load, ARCH_AT),
    jump(OP.jumpEqual, AUDIT_ARCH[processor], 1, 0),
    answer('kill'),
    step(OP.load, NR_AT),
    ...(processor === 'x64' ? [jump(OP.jumpAtLeast, X32_BIT, 0, 1), answer('kill')] : []),
    ...rows,
    ...judge(UNLISTED, installer),
  ]
}

/** The form in which the kernel takes it: `struct sock_filter`, eight bytes each. */
export function encodeFilter(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8)
  for (const [i, { code, jt, jf, k }] of instructions.entries()) {
    bytes.writeUInt16LE(code, 8 * i)
    bytes.writeUInt8(jt, 8 * i + 2)
    bytes.writeUInt8(jf, 8 * i + 3)
    bytes.writeUInt32LE(k >>> 0, 8 * i + 4)
  }
  return bytes
}

const step = (code: number, k: number): Instruction => ({ code, jt: 0, jf: 0, k })
const jump = (code: number, k: number, jt: number, jf: number): Instruction => ({ code, jt, jf, k })

const forCall = (number: number, body: readonly Instruction[]): Instruction[] => [
  jump(OP.jumpEqual, number, 0, body.length),
  ...body,
]

function judge(verdict: Verdict, installer: Installer): Instruction[] {
  if (typeof verdict === 'string') return [answer(verdict)]
  const refused = answer(verdict.otherwise)
  return [...verdict.when.flatMap((condition) => test(condition, refused, installer)), answer('allow')]
}

/** Falls through to what follows when the condition holds, and gives `refused` otherwise. */
function test({ arg, mask, values }: Condition, refused: Instruction, installer: Installer): Instruction[] {
  const numbers = values.flatMap((value) => (typeof value === 'number' ? value : installer[value]))
  const compare = numbers.map((number, i) => jump(OP.jumpEqual, number, numbers.length - i, 0))
  const masked = mask === undefined ? [] : [step(OP.and, mask)]
  return [step(OP.load, ARGS_AT + ARG_BYTES * arg), ...masked, ...compare, refused]
}

function answer(verdict: 'allow' | 'kill' | keyof typeof ERRNO): Instruction {
  return step(OP.answer, verdict === 'allow' || verdict === 'kill' ? ANSWER[verdict] : ANSWER.errno | ERRNO[verdict])
}
