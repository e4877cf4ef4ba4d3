import { setImmediate as nextTurn } from 'node:timers/promises'
import { recordEvent } from '../../audit/index.ts'
import { dropPayload, removeJournal } from '../../journal/index.ts'
import type { Query } from '../../store/index.ts'
import { removeDecisions } from '../executions/decisions.ts'
import { ownDeed } from '../audit/deeds.ts'
import { expireAnswer, findExecution, removeExecution, type ExpiredAnswer } from '../executions/records.ts'
import { digestAnswer } from '../executions/recordings.ts'
import { listAged } from './aged.ts'
import { inSteps, type Kind, type Sweep } from './sweep.ts'

/** Expires the payloads of old executions, or removes their records; how many. */
export function sweepExecutions(sweep: Sweep): Promise<number> {
  const { query } = sweep.services.store.sql
  return inSteps(sweep, async (after) => {
    const aged = await listAged(query, sweep, after)
    const last = aged.at(-1)
    if (!last) return undefined
    const ids = aged.flatMap(({ id, isFree }) => (isFree ? [id] : []))
    return { last: last.id, count: await STEPS[sweep.kind](sweep, ids) }
  })
}

const STEPS: Readonly<Record<Kind, (sweep: Sweep, ids: readonly string[]) => Promise<number>>> = {
  payload: expirePayloads,
  record: (sweep, ids) => changeEach(sweep, 'executions.remove', ids, removeRecord),
}

/** What is left of them is made before the transaction, which others wait for. */
async function expirePayloads(sweep: Sweep, ids: readonly string[]): Promise<number> {
  const left = new Map<string, ExpiredAnswer>()
  for (const id of ids) {
    await nextTurn()
    const expired = await digestRecord(sweep, id)
    if (expired) left.set(id, expired)
  }
  return changeEach(sweep, 'executions.expire', [...left.keys()], async (query, id) => {
    const isExpired = await expireAnswer(query, id, left.get(id)!)
    if (!isExpired) return false
    await dropPayload(query, id)
    await removeDecisions(query, id)
    return true
  })
}

/** Nothing when somebody else was faster, or when it cannot be read: that one does not hold up the others, and stays. */
async function digestRecord({ services, log }: Sweep, executionId: string): Promise<ExpiredAnswer | undefined> {
  try {
    const answer = (await findExecution(services.store.sql, executionId))?.answer
    return answer && { at: new Date().toISOString(), ...digestAnswer(answer) }
  } catch (error) {
    log.error(
      { err: error, executionId },
      'the record of an execution cannot be read, so that its payload does not expire',
    )
    return undefined
  }
}

async function removeRecord(query: Query, id: string): Promise<boolean> {
  if (!(await removeExecution(query, id))) return false
  await removeJournal(query, id)
  await removeDecisions(query, id)
  return true
}

/** One transaction with one entry of the audit log; how many were changed by it and not by another process before. */
function changeEach(
  { services, tenant, until }: Sweep,
  action: string,
  ids: readonly string[],
  change: (query: Query, id: string) => Promise<boolean>,
): Promise<number> {
  if (ids.length === 0) return Promise.resolve(0)
  return services.store.sql.tx(async (query) => {
    const changed: string[] = []
    for (const id of ids) if (await change(query, id)) changed.push(id)
    const [first] = changed
    if (first === undefined) return 0
    const details = { count: changed.length, until }
    await recordEvent(query, ownDeed(action, tenant, `${first}..${changed.at(-1)}`, details))
    return changed.length
  })
}
