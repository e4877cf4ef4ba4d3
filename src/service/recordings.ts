import type { Outcome } from '../base/index.ts'
import { digestOf, findRun, readDigests, readJournal, type ReceiptFacts, type Recording } from '../journal/index.ts'
import { openDocument } from '../document/index.ts'
import { programIdOf } from '../sandbox/index.ts'
import type { Services } from './context.ts'
import type { ExecutionRecord } from './executions.ts'

/** How an execution ended, from the answer that its caller got. */
function outcomeOf({ answer }: ExecutionRecord): Outcome {
  if ('output' in answer) return { kind: 'returned', value: answer.output.result }
  if (!answer.outcome) throw new Error('the record of an execution has no outcome')
  return answer.outcome
}

/** All that it takes to do an execution again; undefined when its inputs were not kept. */
export async function findRecording(services: Services, record: ExecutionRecord): Promise<Recording | undefined> {
  const { executionId, tenant, anrfId, answer, facts, finishedAt } = record
  const run = await findRun(services.store.sql, executionId)
  const artifact = await services.registry.resolve(tenant, anrfId)
  const { usage } = answer
  if (!run || !artifact || !facts || !usage || isKeptBack(record)) return undefined
  const loaded = await services.registry.load(artifact)
  if ('diagnostics' in loaded) return undefined
  const { entry, args, mode, limits, world, startedAt } = run
  return {
    format: 'anrf-recording/1',
    executionId,
    document: anrfId,
    ...(artifact.name !== undefined && { name: `${artifact.name}@${artifact.version}` }),
    program: Buffer.from(loaded.opened.program).toString('base64'),
    entry,
    args,
    mode,
    limits,
    world,
    isolation: facts.isolation,
    startedAt,
    finishedAt,
    outcome: outcomeOf(record),
    logs: answer.logs ?? [],
    usage,
    journal: await readJournal(services.store.sql, executionId),
    ...(facts.policy && { policy: facts.policy }),
  }
}

/** What a receipt says of an execution; undefined when no worker was asked. */
export async function findFacts(services: Services, record: ExecutionRecord): Promise<ReceiptFacts | undefined> {
  const { executionId, tenant, anrfId, entry, mode, startedAt, finishedAt, answer, facts } = record
  const artifact = await services.registry.resolve(tenant, anrfId)
  const { usage, logs = [] } = answer
  if (!facts || !usage || !artifact) return undefined
  // Whether the document may be run here today does not matter.
  const opened = openDocument(await services.registry.read(artifact))
  if ('diagnostics' in opened) return undefined
  const outcome = outcomeOf(record)
  return {
    subject: { name: artifact.name === undefined ? 'program' : `${artifact.name}@${artifact.version}`, id: anrfId },
    program: programIdOf(opened.program),
    executionId,
    entry,
    mode,
    isolation: facts.isolation,
    inputsDigest: facts.argsDigest,
    outcome: { kind: outcome.kind, digest: digestOf(outcome) },
    logs: { lines: logs.length, digest: digestOf(logs) },
    limits: facts.limits,
    usage,
    world: facts.world,
    journal: await readDigests(services.store.sql, executionId),
    startedAt,
    finishedAt,
    ...(facts.policy && { policy: facts.policy }),
  }
}

/** Whether the answer tells another end than the run had, so that doing it again could only differ. */
function isKeptBack({ answer, outcome }: ExecutionRecord): boolean {
  return outcome === 'refused' || (answer.hooks ?? []).some(({ did }) => did === 'redacted')
}
