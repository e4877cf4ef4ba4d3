// The filters as programs: evaluated over every system call, on both processors; and their numbers against the kernel's headers.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { AUDIT_ARCH, buildFilter, encodeFilter, OP } from '../../../src/sandbox/isolation/bpf.ts'
import { SYSCALLS, type FilterName, type Processor } from '../../../src/sandbox/isolation/syscalls.ts'
import { ERRNO, type Verdict } from '../../../src/sandbox/isolation/verdict.ts'
import { callOn, evaluate } from './evaluate.ts'

const PROCESSORS: readonly Processor[] = ['x64', 'arm64']
const FILTERS: readonly FilterName[] = ['outer', 'inner', 'zygote']
/** More than any kernel has. */
const NUMBERS = Array.from({ length: 1024 }, (_, number) => number)
const SELF = 77
const WAKES = [5, 9]
const INSTALLER = { self: SELF, wakes: WAKES }
const MAP_PRIVATE_ANONYMOUS = 0x22
const THREAD_FLAGS = 0x3d_0f00
/** What fork(3) of glibc asks for. */
const FORK_FLAGS = 0x120_0011

const programOf = (filter: FilterName, processor: Processor) => buildFilter(filter, processor, INSTALLER)
const numberOf = (name: string, processor: Processor): number | undefined =>
  SYSCALLS.find((row) => row.name === name)!.numbers[processor]

/** What the table says of a call whose arguments are all zero. */
function expected(verdict: Verdict): string {
  if (verdict === 'allow' || verdict === 'kill') return verdict
  if (typeof verdict === 'string') return `errno ${ERRNO[verdict]}`
  return expected(verdict.otherwise)
}

for (const processor of PROCESSORS)
  for (const filter of FILTERS) {
    const program = programOf(filter, processor)
    const answer = (name: string, ...args: number[]): string =>
      evaluate(program, callOn(processor, numberOf(name, processor)!, args))

    test(`${filter} on ${processor} answers every number as its row says, and ENOSYS where there is none`, () => {
      const rows = new Map(SYSCALLS.map((row) => [row.numbers[processor], row]))
      for (const number of NUMBERS) {
        const row = rows.get(number)
        const said = evaluate(program, callOn(processor, number))
        assert.equal(said, row ? expected(row.verdicts[filter]) : `errno ${ERRNO.ENOSYS}`, row?.name ?? String(number))
      }
    })

    test(`${filter} on ${processor} kills the calls of other processors and ABIs`, () => {
      for (const arch of [0, 0x4000_0003, 0x4000_0028, ...PROCESSORS.map((p) => AUDIT_ARCH[p])])
        if (arch !== AUDIT_ARCH[processor])
          assert.equal(evaluate(program, { arch, number: numberOf('read', processor)! }), 'kill')
      if (processor === 'x64')
        for (const number of NUMBERS) assert.equal(evaluate(program, callOn('x64', 0x4000_0000 + number)), 'kill')
      assert.notEqual(evaluate(program, callOn(processor, 0xffff_ffff)), 'allow')
    })

    test(`${filter} on ${processor} looks at arguments`, () => {
      const only = <T>(inner: T, outer: T): T => (filter === 'inner' ? inner : outer)
      assert.equal(answer('read', 3), 'allow')
      assert.equal(answer('read', 0), only(`errno ${ERRNO.EBADF}`, 'allow'))
      for (const fd of [2, 3, ...WAKES]) assert.equal(answer('write', fd), 'allow')
      assert.equal(answer('write', 6), only(`errno ${ERRNO.EBADF}`, 'allow'))
      assert.equal(answer('mmap', 0, 4096, 7, MAP_PRIVATE_ANONYMOUS, -1), 'allow')
      // MAP_SHARED | MAP_ANONYMOUS, and a file mapped privately.
      for (const flags of [0x21, 0x02])
        assert.equal(answer('mmap', 0, 4096, 7, flags, -1), only(`errno ${ERRNO.EPERM}`, 'allow'))
      assert.equal(answer('clone', THREAD_FLAGS), only(`errno ${ERRNO.EPERM}`, 'allow'))
      for (const flags of [0x1000_0000, THREAD_FLAGS | 0x1000_0000, THREAD_FLAGS | 0x2_0000])
        assert.equal(answer('clone', flags), only(`errno ${ERRNO.EPERM}`, 'kill'))
      for (const flags of [0x11, FORK_FLAGS])
        assert.equal(answer('clone', flags), filter === 'zygote' ? 'allow' : only(`errno ${ERRNO.EPERM}`, 'kill'))
      // vfork(2), and a child in namespaces of its own.
      for (const flags of [0x4111, FORK_FLAGS | 0x1000_0000, FORK_FLAGS | 0x2_0000])
        assert.equal(answer('clone', flags), only(`errno ${ERRNO.EPERM}`, 'kill'))
      // MADV_DONTNEED is done by all; MADV_DONTFORK is said to be done where the heap must be there in a child.
      assert.equal(answer('madvise', 0, 4096, 4), 'allow')
      assert.equal(answer('madvise', 0, 4096, 10), filter === 'zygote' ? 'errno 0' : 'allow')
      assert.equal(answer('recvmsg', 3), filter === 'zygote' ? 'allow' : 'kill')
      assert.equal(answer('tgkill', SELF, 80, 6), 'allow')
      assert.equal(answer('tgkill', SELF, 80, 9), 'kill')
      assert.equal(answer('tgkill', SELF + 1, 80, 6), only('kill', 'allow'))
    })

    test(`${filter} on ${processor} is a program that the kernel takes`, () => {
      assert.ok(program.length < 4096, `${program.length} instructions`)
      assert.equal(encodeFilter(program).length, 8 * program.length)
      assert.equal(program.at(-1)!.code, OP.answer)
      for (const [at, { jt, jf }] of program.slice(0, -1).entries()) {
        assert.ok(jt >= 0 && jt < 256 && jf >= 0 && jf < 256)
        assert.ok(at + 1 + Math.max(jt, jf) < program.length)
      }
    })
  }

test('the inner filter never allows what the outer one does not', () => {
  for (const { name, verdicts } of SYSCALLS) assert.ok(verdicts.inner !== 'allow' || verdicts.outer === 'allow', name)
})

test('every row has one name, its own numbers, and a reason', () => {
  assert.equal(new Set(SYSCALLS.map(({ name }) => name)).size, SYSCALLS.length)
  for (const processor of PROCESSORS) {
    const numbers = SYSCALLS.flatMap(({ numbers: of }) => of[processor] ?? [])
    assert.equal(new Set(numbers).size, numbers.length)
  }
  for (const { name, why } of SYSCALLS) assert.match(why, /^\w.{5,}[^.]$/, name)
})

/** `#define __NR_name number` and `#define __NR3264_name number` of a header. */
function readHeader(path: string): Map<string, number> {
  const found = readFileSync(path, 'utf8').matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)$/gm)
  return new Map([...found].map(([, name, number]) => [name!, Number(number)]))
}

const HEADERS = {
  x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h',
  arm64: '/usr/include/asm-generic/unistd.h',
} as const

/** The generic header calls it otherwise; the glibc of arm64 and the table say newfstatat. */
const GENERIC_NAMES: Readonly<Record<string, string>> = { newfstatat: 'fstatat' }

for (const processor of PROCESSORS)
  if (existsSync(HEADERS[processor]))
    test(`the numbers of ${processor} are those of the kernel`, () => {
      const header = readHeader(HEADERS[processor])
      for (const { name, numbers } of SYSCALLS) {
        const listed = header.get(name) ?? (processor === 'arm64' ? header.get(GENERIC_NAMES[name] ?? name) : undefined)
        // Calls newer than the header are not in it.
        if (listed !== undefined || (numbers[processor] ?? 0) < 435) assert.equal(numbers[processor], listed, name)
      }
    })
