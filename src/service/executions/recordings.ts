import type { Outcome } from '../../base/index.ts'
import { digestOf, findRun, readDigests, readJournal, type ReceiptFacts, type Recording } from '../../journal/index.ts'
import { openDocument } from '../../document/index.ts'
import { programIdOf } from '../../sandbox/index.ts'
import type { Services } from '../context.ts'
import type { ExecutionRecord, ExpiredAnswer } from './records.ts'
import type { Answer } from '../http/problem.ts'

/** How an execution ended, from the answer that its caller got. */
function outcomeOf(answer: Answer): Outcome {
  if ('output' in answer) return { kind: 'returned', value: answer.output.result }
  if (!answer.outcome) throw new Error('the record of an execution has no outcome')
  return answer.outcome
}

/** What a receipt says of an answer, and what stays of it when its payload expires. */
export function digestAnswer(answer: Answer): Omit<ExpiredAnswer, 'at'> {
  const outcome = outcomeOf(answer)
  const { logs = [], usage } = answer
  return {
    outcome: { kind: outcome.kind, digest: digestOf(outcome) },
    logs: { lines: logs.length, digest: digestOf(logs) },
    ...(usage && { usage }),
    ...('code' in answer && answer.code && { code: answer.code }),
  }
}

/** All that it takes to do an execution again; undefined when its inputs were not kept. */
export async function findRecording(services: Services, record: ExecutionRecord): Promise<Recording | undefined> {
  const { executionId, tenant, anrfId, answer, facts, finishedAt } = record
  if (!answer) return undefined
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
    outcome: outcomeOf(answer),
    logs: answer.logs ?? [],
    usage,
    journal: await readJournal(services.store.sql, executionId),
    ...(facts.policy && { policy: facts.policy }),
  }
}

/** What a receipt says of an execution; undefined when no worker was asked. */
export async function findFacts(services: Services, record: ExecutionRecord): Promise<ReceiptFacts | undefined> {
  const { executionId, tenant, anrfId, entry, mode, startedAt, finishedAt, facts } = record
  const artifact = await services.registry.resolve(tenant, anrfId)
  const said = record.answer ? digestAnswer(record.answer) : record.expired
  if (!facts || !said?.usage || !artifact) return undefined
  // Whether the document may be run here today does not matter.
  const opened = openDocument(await services.registry.read(artifact))
  if ('diagnostics' in opened) return undefined
  return {
    subject: { name: artifact.name === undefined ? 'program' : `${artifact.name}@${artifact.version}`, id: anrfId },
    program: programIdOf(opened.program),
    executionId,
    entry,
    mode,
    isolation: facts.isolation,
    inputsDigest: facts.argsDigest,
    outcome: said.outcome,
    logs: said.logs,
    limits: facts.limits,
    usage: said.usage,
    world: facts.world,
    journal: await readDigests(services.store.sql, executionId),
    startedAt,
    finishedAt,
    ...(facts.policy && { policy: facts.policy }),
  }
}

/** Whether the answer tells another end than the run had, so that doing it again could only differ. */
function isKeptBack({ answer, outcome }: ExecutionRecord): boolean {
  return outcome === 'refused' || (answer?.hooks ?? []).some(({ did }) => did === 'redacted')
}
