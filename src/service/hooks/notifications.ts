import type { ListedEntry } from '../../audit/index.ts'
import type { EventName, Told } from '../../hooks/index.ts'
import type { Query } from '../../store/index.ts'
import { findExecution, type KeptRecord } from '../executions/records.ts'
import type { Answer } from '../http/problem.ts'

/** What hooks are told of an entry of the audit log, and for whom they are there. */
export async function describeEvent(query: Query, name: EventName, entry: ListedEntry): Promise<Told> {
  const { principal, subject = '', details = {} } = entry
  const isOfExecution = name === 'execution.ended' || name === 'execution.suspended'
  const record = isOfExecution ? await findExecution({ query }, subject) : undefined
  if (record?.answer) return describeExecution(query, { ...record, answer: record.answer })
  const named = name === 'artifact.published' ? namedIn(details) : {}
  return { filtered: { name: named.name, version: named.version }, dataFor: () => ({ principal, ...details }) }
}

type Named = { readonly name?: string; readonly version?: string }

function namedIn({ name, version }: Readonly<Record<string, unknown>>): Named {
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : {}
}

async function describeExecution(query: Query, record: KeptRecord): Promise<Told> {
  const { executionId, tenant, anrfId, entry, mode, principal, inputsDigest, outcome, status, answer } = record
  const { startedAt, finishedAt } = record
  const [row] = await query<{ name: string | null; version: string | null }>(
    'select name, version from artifact where tenant = ? and id = ?',
    [tenant, anrfId],
  )
  const named: Named = namedIn(row ?? {})
  const { usage, logs, hooks } = answer
  const data = {
    ...{ executionId, anrfId, ...named, entry, mode, principal, inputsDigest },
    ...{ outcome, status, startedAt, finishedAt, ...(usage && { usage }), ...(hooks && { hooks }) },
  }
  return {
    filtered: { name: named.name, version: named.version, outcome },
    dataFor: (include) => ({
      ...data,
      ...(include.includes('output') && outputOf(answer)),
      ...(include.includes('logs') && { logs }),
    }),
  }
}

function outputOf(answer: Answer): object {
  if ('output' in answer) return { output: answer.output }
  return answer.outcome?.kind === 'threw' ? { error: answer.outcome.error } : {}
}
