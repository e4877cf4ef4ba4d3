import { diagnostic, type Diagnostic, type IsolationChoice, type IsolationLevel } from '../../base/index.ts'
import { NO_ISOLATION, type Isolation } from '../launch.ts'
import { installCommand } from './advice.ts'
import { containerBy } from './bubblewrap.ts'
import { keepDescriptors } from './descriptors.ts'
import { keepProofs, machineState, recallProofs, type Proofs } from './machine.ts'
import { processorOf } from './numbers.ts'
import { ociBy } from './oci.ts'
import { findProgram } from './programs.ts'
import { doubt, keepCompiledForm } from './prove.ts'
import { SECCOMP } from './seccomp.ts'
import type { Processor } from './syscalls.ts'

/** What a level lacks here, and what mends that. `isLate`: it may not lack anything. */
type Lack = { readonly lacks: string; readonly mend: string; readonly isLate?: boolean }
type Candidate = Isolation | Lack

type Refused = { readonly refused: Diagnostic }

type OpenOptions = {
  /** Whether a proof of an earlier process will do: for commands, whose whole life is one worker. */
  readonly recalls?: boolean
  /** The OCI runtime for `oci`: the name of a program or its path. Default runc. */
  readonly ociRuntime?: string
  /** How long a level may take to prove itself: one that takes longer is refused, and no weaker one is taken for it. */
  readonly proofMsMax?: number
}

/** What containers are made with: names, and paths where they are installed. */
type Programs = { readonly bubblewrap: string | undefined; readonly oci: string | undefined; readonly ociName: string }

/** What `auto` tries, strongest first. */
const STRONGEST: readonly IsolationLevel[] = ['container', 'seccomp']
const USER_NAMESPACES =
  'The kernel, or a container around this process, must let it make user namespaces (sysctl kernel.unprivileged_userns_clone=1, ' +
  'kernel.apparmor_restrict_unprivileged_userns=0).'

/**
 * The isolation that was asked for, or the strongest that proves itself here for `auto`; never a weaker one. A refusal names
 * what is missing and how to get it (ANRF7001).
 */
export async function openIsolation(choice: IsolationChoice, options: OpenOptions = {}): Promise<Isolation | Refused> {
  if (choice === 'none') return NO_ISOLATION
  const processor = processorOf()
  if (process.platform !== 'linux' || !processor) return refuse(choice, [PLATFORM_LACKS])
  try {
    await keepDescriptors()
  } catch (error) {
    return refuse(choice, [{ lacks: (error as Error).message, mend: 'Start it without that descriptor.' }])
  }
  return await chooseProved(choice, processor, options)
}

async function chooseProved(
  choice: Exclude<IsolationChoice, 'none'>,
  processor: Processor,
  { recalls = false, ociRuntime = 'runc', proofMsMax }: OpenOptions,
): Promise<Isolation | Refused> {
  const levels = choice === 'auto' ? STRONGEST : [choice]
  const programs = { bubblewrap: findProgram('bwrap'), oci: findProgram(ociRuntime), ociName: ociRuntime }
  const state = machineState([programs.bubblewrap, programs.oci])
  const proofs = recallProofs(state)
  // Our own files changed, or this machine is new to us.
  if (Object.keys(proofs).length === 0) await keepCompiledForm()
  const recalled = recalls ? recallLevel(levels, proofs) : undefined
  const missing: Lack[] = []
  for (const level of recalled === undefined ? levels : [recalled]) {
    const candidate = candidateOf(level, processor, programs)
    const lack = 'launch' in candidate ? await lackOf(candidate, recalled !== undefined, proofMsMax) : candidate
    if (recalled === undefined && !lack?.isLate)
      keepProofs(state, { ...recallProofs(state), [level]: lack === undefined })
    if (!lack) return candidate as Isolation
    missing.push(lack)
    // That the machine is busy is no reason to go on with a weaker level.
    if (lack.isLate) break
  }
  return refuse(choice, missing)
}

/** The first level that was proved, if all before it were refuted. */
function recallLevel(levels: readonly IsolationLevel[], proofs: Proofs): IsolationLevel | undefined {
  const first = levels.find((level) => proofs[level] !== false)
  return first !== undefined && proofs[first] === true ? first : undefined
}

async function lackOf(isolation: Isolation, isProved: boolean, msMax?: number): Promise<Lack | undefined> {
  if (isProved) return undefined
  const doubted = await doubt(isolation, msMax)
  if (!doubted) return undefined
  const { level } = isolation
  const { reason, isLate } = doubted
  if (isLate)
    return {
      lacks: `${level} could not be proved (${reason})`,
      mend: 'Start it when the machine is less busy.',
      isLate,
    }
  const mend = level === 'seccomp' ? 'It needs seccomp(2) of Linux 4.14 or newer.' : USER_NAMESPACES
  return { lacks: `${level} does not hold here (${reason})`, mend }
}

function candidateOf(level: IsolationLevel, processor: Processor, { bubblewrap, oci, ociName }: Programs): Candidate {
  switch (level) {
    case 'none':
      return NO_ISOLATION
    case 'seccomp':
      return SECCOMP
    case 'container':
      return bubblewrap === undefined ? missingProgram(level, 'bubblewrap') : containerBy(bubblewrap, processor)
    case 'oci':
      return oci === undefined ? missingProgram(level, ociName) : ociBy(oci, processor)
  }
}

const missingProgram = (level: IsolationLevel, name: string): Lack => ({
  lacks: `${level} needs ${name}, which is not installed`,
  mend: `Run: ${installCommand(name)}`,
})

const PLATFORM_LACKS: Lack = {
  lacks: `there is no isolation for ${process.platform} on ${process.arch}`,
  mend: 'Run it on Linux (x64 or arm64), in a virtual machine of its own for instance.',
}

function refuse(choice: IsolationChoice, missing: readonly Lack[]): Refused {
  const what = choice === 'auto' ? 'No isolation can be had here' : `The isolation ${choice} cannot be had here`
  const message = `${what}: ${missing.map(({ lacks }) => lacks).join('; ')}`
  const hint = `${missing.map(({ mend }) => mend).join(' ')} For programs that you trust, --isolation none (ANRF_ISOLATION=none) goes without.`
  return { refused: diagnostic('ANRF7001', { message, hint }) }
}
