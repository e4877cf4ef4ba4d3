import { openIsolation, type Isolation } from '../../../src/sandbox/index.ts'
import { ANSWER, buildFilter, encodeFilter, OP } from '../../../src/sandbox/isolation/bpf.ts'
import { containerBy } from '../../../src/sandbox/isolation/bubblewrap.ts'
import { processorOf } from '../../../src/sandbox/isolation/numbers.ts'
import { findProgram } from '../../../src/sandbox/isolation/programs.ts'
import { launchCommand, workerWords } from '../../../src/sandbox/launch.ts'

/**
 * A way to run attempts. `isConfined`: the process gives up its rights itself, as a worker does, before the attempt. `isForked`: it is
 * forked from another one before that, which stays, as a zygote does.
 */
export type Column = {
  readonly about: string
  readonly isConfined: boolean
  readonly isForked?: boolean
  open(): Promise<Isolation>
}

const ALLOW_ALL = encodeFilter([{ code: OP.answer, jt: 0, jf: 0, k: ANSWER.allow }])

async function proved(level: 'container' | 'seccomp' | 'oci'): Promise<Isolation> {
  const opened = await openIsolation(level)
  if ('refused' in opened) throw new Error(`${opened.refused.message}. ${opened.refused.hint}`)
  return opened
}

/** The container without its inner filter, and without the outer one as well where `filter` is another one. */
async function bareContainer(filter?: Uint8Array): Promise<Isolation> {
  await proved('container')
  return containerBy(findProgram('bwrap')!, processorOf()!, filter)
}

export const COLUMNS = {
  control: {
    about: 'no sandbox at all',
    isConfined: false,
    open: async () => ({
      level: 'none',
      launch: (spec) =>
        launchCommand({ words: workerWords('none', spec), environment: process.env as Record<string, string> }),
    }),
  },
  namespaces: { about: 'the container without filters', isConfined: false, open: () => bareContainer(ALLOW_ALL) },
  outer: { about: 'the container with the outer filter only', isConfined: false, open: () => bareContainer() },
  container: { about: 'the level container', isConfined: true, open: () => proved('container') },
  zygote: {
    about: 'a forked worker of the level container',
    isConfined: true,
    isForked: true,
    open: () => bareContainer(encodeFilter(buildFilter('zygote', processorOf()!))),
  },
  oci: { about: 'the level oci', isConfined: true, open: () => proved('oci') },
  seccomp: { about: 'the level seccomp', isConfined: true, open: () => proved('seccomp') },
} as const satisfies Record<string, Column>

export type ColumnName = keyof typeof COLUMNS
