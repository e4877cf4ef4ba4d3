import { diagnostic, type Diagnostic, type Encoded, type Outcome } from '../../base/index.ts'
import type { HookDeed } from '../../client/index.ts'
import { askAfter, askBefore, isEnd, isHookPrincipal, type Asking, type Shown } from '../../hooks/index.ts'
import { readDigests } from '../../journal/index.ts'
import type { ExecuteReport } from '../../sandbox/index.ts'
import type { Problem } from '../http/problem.ts'
import { eventSource } from '../hooks/event-source.ts'
import { known, type Flow, type Step } from './flow.ts'
import { overloaded } from './gateway.ts'

/** After step 4: hooks may refuse the execution, or narrow its limits. */
export const askHooksBefore: Step = async (flow) => {
  const asking = askingOf(flow, flow.call.signal)
  if (!asking) return undefined
  const { limits, deeds } = await askBefore(asking, known(flow.limits))
  flow.limits = limits
  flow.hookDeeds = deeds
  flow.clamped = [...(flow.clamped ?? []), ...deeds.flatMap((deed) => (deed.did === 'narrowed' ? deed.limits : []))]
  const end = deeds.find(isEnd)
  return end && refuse(flow, end)
}

function refuse(flow: Flow, deed: HookDeed): Problem | undefined {
  if (deed.did === 'failed' && deed.why === 'busy') return overloaded(`the hook ${deed.hook} finds all workers busy`)
  flow.outcome =
    deed.did === 'failed' && deed.why === 'cancelled'
      ? { kind: 'cancelled', message: 'the caller went away before the execution began' }
      : { kind: 'refused', diagnostics: [diagnosticOf(deed)] }
  return undefined
}

/** After step 7: hooks may keep the result back, or parts of it. What the program did to the world stays told. */
export const askHooksAfter: Step = async (flow) => {
  const report = known(flow.report)
  // A suspension is no end, and what a verifier refused nobody gets.
  if (report.outcome.kind === 'suspended' || flow.outcome !== report.outcome) return undefined
  // Whether the caller still waits does not matter to what is kept.
  const asking = askingOf(flow, new AbortController().signal)
  if (!asking) return undefined
  const effects = flow.run ? await readDigests(flow.call.services.store.sql, flow.executionId) : []
  const { usage } = report
  const told = { outcome: report.outcome.kind, usage, effects }
  const filtered = { ...asking.filtered, outcome: report.outcome.kind }
  const dataFor: Asking['dataFor'] = (include) => ({ ...asking.dataFor(include), ...told })
  const { shown, deeds } = await askAfter({ ...asking, filtered, dataFor }, shownOf(report))
  flow.hookDeeds = [...(flow.hookDeeds ?? []), ...deeds]
  const end = deeds.find(isEnd)
  if (end) {
    flow.outcome = { kind: 'refused', diagnostics: [diagnosticOf(end, report)] }
    flow.report = { ...report, logs: [] }
  } else if (deeds.some(({ did }) => did === 'redacted')) {
    flow.outcome = outcomeWith(report.outcome, shown)
    flow.report = { ...report, logs: shown.logs }
  }
  return undefined
}

function shownOf({ outcome, logs }: ExecuteReport): Shown {
  if (outcome.kind === 'returned') return { output: { result: outcome.value }, logs }
  return outcome.kind === 'threw' ? { error: outcome.error, logs } : { logs }
}

function outcomeWith(outcome: Outcome, { output, error }: Shown): Outcome {
  if (outcome.kind === 'returned' && output) return { kind: 'returned', value: output.result }
  return outcome.kind === 'threw' && error ? { ...outcome, error } : outcome
}

/** How hooks are asked about an execution; undefined when there are none, or it is a hook's own. */
function askingOf(flow: Flow, signal: AbortSignal): Asking | undefined {
  const { services, principal, log } = flow.call
  const { id, tenant } = known(principal)
  const { list, counts } = services.hooks
  if (list.length === 0 || isHookPrincipal(id)) return undefined
  const { artifact, opened } = known(flow.loaded)
  const { name, version } = artifact
  const data = {
    executionId: flow.executionId,
    anrfId: artifact.id,
    ...(name !== undefined && { name, version }),
    entry: flow.entry,
    mode: flow.mode,
    principal: id,
    inputsDigest: flow.inputsDigest,
    capabilities: opened.document.security.capabilities.map((capability) => capability.name),
    depth: flow.depth,
  }
  return {
    hooks: list,
    counts,
    filtered: { tenant, name, version },
    event: { source: eventSource(services.receiptKey), subject: flow.executionId, tenant },
    dataFor: (include) => ({ ...data, ...(include.includes('inputs') && { inputs: inputsOf(flow) }) }),
    signal,
    onFailure: (hook, { reason, message }) =>
      log.warn({ hook, reason, detail: message, executionId: flow.executionId }, 'a hook gave no answer'),
  }
}

/** By the names of parameters, also when the execution is taken up and nobody sends them; what was not given is not there. */
function inputsOf(flow: Flow): Readonly<Record<string, Encoded>> {
  const args = known(flow.args)
  const entry = known(flow.loaded).opened.module.entries.find(({ name }) => name === flow.entry)
  const pairs = known(entry).params.map(({ name }, i): [string, Encoded] => [name, args[i]!])
  return Object.fromEntries(pairs.filter(([, arg]) => !isUndefined(arg)))
}

const isUndefined = (arg: Encoded): boolean =>
  typeof arg === 'object' && arg !== null && '$' in arg && arg.$ === 'undefined'

function diagnosticOf(deed: HookDeed, ran?: ExecuteReport): Diagnostic {
  if (deed.did !== 'refused' && deed.did !== 'failed') throw new Error(`${deed.did} ends no execution`)
  const { hook, reason } = deed
  const happened = ran ? `; the program ran${effectsOf(ran)}` : ''
  if (deed.did === 'failed')
    return diagnostic('ANRF5062', { message: `the hook ${hook} gave no answer: ${reason}${happened}` })
  return ran
    ? diagnostic('ANRF5061', { message: `the hook ${hook} rejected the result: ${reason}${happened}` })
    : diagnostic('ANRF5060', { message: `the hook ${hook} refused the execution: ${reason}` })
}

function effectsOf({ usage: { effects } }: ExecuteReport): string {
  return effects === 0 ? '' : ` and made ${effects} ${effects === 1 ? 'call' : 'calls'} to the world`
}
