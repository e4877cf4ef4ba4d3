import { clampLimits, type Encoded, type Limits } from '../base/index.ts'
import { underSignals } from '../broker/index.ts'
import type { HookDeed } from '../client/index.ts'
import { readAnswer, type AnswerOf } from './answer.ts'
import type { Counts } from './counts.ts'
import { newEvent, type CloudEvent, type EventParts, type Occasion, type StageName } from './event.ts'
import { HOOK_FAILURES, HookFailure } from './failure.ts'
import { fitsFilter, type Filtered } from './filter.ts'
import type { Hook, Included } from './hook.ts'
import { isAt, redactAt } from './redact.ts'

/** What an execution is, and how its hooks are asked. */
export type Asking = {
  readonly hooks: readonly Hook[]
  readonly counts: Counts
  readonly filtered: Filtered
  readonly event: Omit<EventParts, 'data'>
  /** What a hook is told, which depends on what it is shown. */
  readonly dataFor: (include: readonly Included[]) => Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
  /** Told of what a failure is, for the operator. */
  readonly onFailure: (hook: string, failure: HookFailure) => void
}

/** Whether anybody asks to be told of it. */
export const hooksFor = (
  hooks: readonly Hook[],
  occasion: Exclude<Occasion, 'test'>,
  filtered: Filtered,
): readonly Hook[] => hooks.filter(({ on, only }) => on.includes(occasion) && fitsFilter(only, filtered))

/** Asks before an execution, in order; the first that refuses ends it. Limits only ever become less. */
export async function askBefore(
  asking: Asking,
  limits: Limits,
): Promise<{ readonly limits: Limits; readonly deeds: readonly HookDeed[] }> {
  const deeds: HookDeed[] = []
  let now = limits
  for (const hook of hooksFor(asking.hooks, 'before', asking.filtered)) {
    const answer = await askOne(asking, hook, 'before', { limits: now })
    if ('did' in answer) {
      deeds.push(answer)
      if (isEnd(answer)) break
      continue
    }
    const narrowed = clampLimits(now, answer.limits ?? {})
    if (narrowed.clamped.length > 0) {
      now = narrowed.limits
      asking.counts.add(hook.name, 'changed')
      deeds.push({ hook: hook.name, stage: 'before', did: 'narrowed', limits: narrowed.clamped })
    }
  }
  return { limits: now, deeds }
}

/** What of an answer hooks may see and redact. */
export type Shown = {
  readonly output?: { readonly result: Encoded }
  readonly logs: readonly string[]
  readonly error?: { readonly name: string; readonly message: string; readonly value: Encoded }
}

/** Asks after an execution, in order; each sees what those before it have left. */
export async function askAfter(
  asking: Asking,
  shown: Shown,
): Promise<{ readonly shown: Shown; readonly deeds: readonly HookDeed[] }> {
  const deeds: HookDeed[] = []
  let now = shown
  for (const hook of hooksFor(asking.hooks, 'after', asking.filtered)) {
    const answer = await askOne(asking, hook, 'after', showTo(hook, now))
    if ('did' in answer) {
      deeds.push(answer)
      if (isEnd(answer)) break
      continue
    }
    const pointers = (answer.redact ?? []).filter((pointer) => isAt(now, pointer))
    if (pointers.length > 0) {
      now = pointers.reduce((left, pointer) => redactShown(left, pointer), now)
      asking.counts.add(hook.name, 'changed')
      deeds.push({ hook: hook.name, stage: 'after', did: 'redacted', pointers })
    }
  }
  return { shown: now, deeds }
}

/** Whether an execution does not go on after it. */
export const isEnd = (deed: HookDeed): boolean => deed.did === 'refused' || (deed.did === 'failed' && !deed.open)

function showTo({ include }: Hook, { output, logs, error }: Shown): Readonly<Record<string, unknown>> {
  return {
    ...(include.includes('output') && output !== undefined && { output }),
    ...(include.includes('output') && error !== undefined && { error }),
    ...(include.includes('logs') && { logs }),
  }
}

/** A log stays a list of lines, and an error one with a name and a message. */
function redactShown(shown: Shown, pointer: string): Shown {
  const inside = pointer === '/logs' ? shown.logs : pointer === '/error' ? shown.error : undefined
  if (inside === undefined) return redactAt(shown, pointer) as Shown
  return Object.keys(inside).reduce((left, key) => redactAt(left, `${pointer}/${key}`) as Shown, shown)
}

async function askOne<S extends StageName>(
  asking: Asking,
  hook: Hook,
  stage: S,
  more: Readonly<Record<string, unknown>>,
): Promise<HookDeed | AnswerOf<S>> {
  const { counts, event: about, dataFor, signal, onFailure } = asking
  const event = newEvent(stage, { ...about, data: { ...dataFor(hook.include), ...more, hook: hook.name } })
  counts.add(hook.name, 'asked')
  const startedMs = performance.now()
  try {
    const answer = readAnswer(stage, await sendTo(hook, event, stage, signal))
    if (answer.allow) {
      counts.end(hook.name, { occasion: stage, result: 'allowed', startedMs })
      return answer
    }
    counts.end(hook.name, { occasion: stage, result: 'refused', startedMs })
    return { hook: hook.name, stage, did: 'refused', reason: answer.reason ?? 'it gave no reason' }
  } catch (error) {
    if (!(error instanceof HookFailure)) throw error
    const { reason: why } = error
    counts.end(hook.name, { occasion: stage, result: why, startedMs })
    // What the network and the module said is for the operator.
    onFailure(hook.name, error)
    return { hook: hook.name, stage, did: 'failed', why, reason: HOOK_FAILURES[why], open: hook.isFailOpen }
  }
}

/** Sends within the time that the hook has. Fails with a `HookFailure`. */
export function sendTo(
  { way, timeoutMs }: Hook,
  event: CloudEvent,
  occasion: Occasion,
  signal: AbortSignal,
): Promise<unknown> {
  return underSignals([signal], timeoutMs, (bounded) => way.send(event, occasion, bounded))
}
