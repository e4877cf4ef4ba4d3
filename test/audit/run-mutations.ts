// Alters a real log in many ways and asks verifiers whether they see it: ours, and one in Go that shares no code with ours.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFolderSource, openStoreSource, parseVerifier, verifyLog, type LogSource } from '../../src/audit/index.ts'
import { randomOf } from './attacks.ts'
import { buildGoVerifier, startGoVerifier } from './go-verifier.ts'
import { mutateFolder, mutateStore } from './mutants.ts'
import { makeSubject, type Subject } from './subject.ts'

export type MutationReport = {
  readonly folders: number
  readonly stores: number
  /** Mutations by what they are. */
  readonly kinds: Readonly<Record<string, number>>
  /** Whether Go was there. */
  readonly hasGo: boolean
  /** What a verifier did not see. */
  readonly missed: readonly string[]
  /** What a verifier said of a log that nobody altered, when it was not that it is fine. */
  readonly controls: readonly string[]
}

type RunOptions = {
  readonly folders: number
  readonly stores: number
  readonly seed: number
  readonly size?: number
  readonly onProgress?: (line: string) => void
}

export async function runMutations({
  folders,
  stores,
  seed,
  size = 300,
  onProgress,
}: RunOptions): Promise<MutationReport> {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-mutations-'))
  const subject = await makeSubject(dir, size)
  const checkpointFile = join(dir, 'external')
  writeFileSync(checkpointFile, subject.checkpoint)
  const program = buildGoVerifier(dir)
  const go = program === undefined ? undefined : startGoVerifier(program, subject.logKey, checkpointFile)
  const random = randomOf(seed)
  const missed: string[] = []
  const controls: string[] = []
  const kinds: Record<string, number> = {}
  const target = join(dir, 'mutant')
  const count = (what: string): void => void (kinds[kindOf(what)] = (kinds[kindOf(what)] ?? 0) + 1)

  const ask = async (open: Promise<LogSource>): Promise<string> => verdictOf(await open, subject)
  const inFolder = async (folder: string): Promise<readonly (readonly [string, string])[]> => [
    ['ANRF', await ask(openFolderSource(folder))],
    ...(go ? [['Go', await go.verify(folder)] as const] : []),
  ]
  const control = async (): Promise<void> => {
    const answers = [
      ...(await inFolder(subject.folder)),
      ['store', await ask(openStoreSource(subject.storeDir))] as const,
    ]
    controls.push(...answers.flatMap(([who, verdict]) => (verdict === 'ok' ? [] : [`${who}: ${verdict}`])))
  }

  try {
    await control()
    for (let i = 0; i < folders; i++) {
      const what = await mutateFolder(subject, target, random)
      count(what)
      for (const [who, verdict] of await inFolder(target))
        if (verdict === 'ok') missed.push(`${who}, folder ${i}: ${what}`)
      if (i % 500 === 499) onProgress?.(`${i + 1} folders`)
    }
    for (let i = 0; i < stores; i++) {
      const what = mutateStore(subject, target, random)
      count(what)
      if ((await ask(openStoreSource(target))) === 'ok') missed.push(`ANRF, store ${i}: ${what}`)
      if (i % 500 === 499) onProgress?.(`${i + 1} stores`)
    }
    await control()
    return { folders, stores, kinds, hasGo: go !== undefined, missed, controls }
  } finally {
    go?.close()
    rmSync(dir, { recursive: true })
  }
}

async function verdictOf(source: LogSource, { checkpoint, logKey }: Subject): Promise<string> {
  try {
    const { problems } = await verifyLog(source, { verifier: parseVerifier(logKey)!, checkpoint })
    return problems[0]?.message ?? 'ok'
  } finally {
    source.close()
  }
}

/** Without the place: `flip a bit of tile/0/000` is a flip of a bit in a tile. */
const kindOf = (what: string): string => what.replace(/\/.*/, '')
