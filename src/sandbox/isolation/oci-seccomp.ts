import { SYSCALLS, UNLISTED, type Processor } from './syscalls.ts'
import { ERRNO, type Condition, type Verdict } from './verdict.ts'

type OciArgument = { readonly index: number; readonly value: number; readonly valueTwo?: number; readonly op: string }

/** One rule of a profile (OCI runtime specification, config-linux, Seccomp). */
type OciRule = {
  readonly names: readonly string[]
  readonly action: string
  readonly errnoRet?: number
  readonly args?: readonly OciArgument[]
}

const ARCHITECTURES = { x64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const

/**
 * The outer filter in the words of an OCI runtime. A call that does not meet its conditions gets the answer of calls that are not
 * listed, since a profile cannot say another one: it is refused all the same.
 */
export function ociSeccomp(processor: Processor): object {
  const rows = SYSCALLS.filter(({ numbers }) => numbers[processor] !== undefined)
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: ERRNO[UNLISTED],
    architectures: [ARCHITECTURES[processor]],
    syscalls: rows.map(({ name, verdicts }) => ({ names: [name], ...ruleOf(verdicts.outer) })),
  }
}

function ruleOf(verdict: Verdict): Omit<OciRule, 'names'> {
  if (verdict === 'allow') return { action: 'SCMP_ACT_ALLOW' }
  if (verdict === 'kill') return { action: 'SCMP_ACT_KILL_PROCESS' }
  if (typeof verdict === 'string') return { action: 'SCMP_ACT_ERRNO', errnoRet: ERRNO[verdict] }
  return { action: 'SCMP_ACT_ALLOW', args: verdict.when.map(argumentOf) }
}

function argumentOf({ arg, mask, values }: Condition): OciArgument {
  const [value] = values
  if (typeof value !== 'number' || values.length > 1) throw new Error('a profile compares with one number')
  return mask === undefined
    ? { index: arg, value, op: 'SCMP_CMP_EQ' }
    : { index: arg, value: mask, valueTwo: value, op: 'SCMP_CMP_MASKED_EQ' }
}
