import type { Limits } from '../base/index.ts'
import type { HttpGrant, Grant } from '../effects/index.ts'
import type { CloudEvent, EventName, Occasion, StageName } from './event.ts'

/** What a hook is shown beside names and digests, which everyone is; the only list. */
export const INCLUDED = {
  inputs: 'what the caller sent',
  output: 'the result, or what was thrown',
  logs: 'log lines of the program',
} as const

export type Included = keyof typeof INCLUDED

/** For which executions and events a hook is there; what is absent leaves none out. */
export type Filter = {
  readonly tenants?: readonly string[]
  /** Names of programs with or without a range of versions. */
  readonly programs?: readonly Grant[]
  /** How the execution ended; asked of `after` and `execution.ended` only. */
  readonly outcomes?: readonly string[]
}

export type WebhookTarget = {
  readonly kind: 'webhook'
  readonly url: URL
  /** What its address may be. */
  readonly grant: HttpGrant
  /** The first is the newest; each signs. */
  readonly keys: readonly Uint8Array[]
  readonly answerBytesMax: number
}

export type ProgramTarget = {
  readonly kind: 'program'
  readonly reference: string
  readonly entry: string | undefined
  /** Where the program is found and its executions belong. */
  readonly tenant: string
  readonly limits: Partial<Limits>
}

export type ModuleTarget = { readonly kind: 'module'; readonly path: string }

export type Target = WebhookTarget | ProgramTarget | ModuleTarget

/** One row of the file of hooks. */
export type HookDefinition = {
  readonly name: string
  readonly on: readonly (StageName | EventName)[]
  readonly target: Target
  readonly timeoutMs: number
  /** Whether what it was to decide goes on when it gives no answer; otherwise that is refused. */
  readonly isFailOpen: boolean
  readonly only: Filter
  readonly include: readonly Included[]
  /** How often an event is sent at most, until it is taken. */
  readonly attemptsMax: number
  /** The pause after the first attempt, in ms; the next ones are longer. */
  readonly retryMs: number
}

/** The way to a hook. */
export type Way = {
  /** Asks or tells; gives what came back, which nobody has looked at. Fails with a `HookFailure`. */
  send(event: CloudEvent, occasion: Occasion, signal: AbortSignal): Promise<unknown>
  close(): Promise<void>
}

/** A hook of a running service. */
export type Hook = HookDefinition & { readonly way: Way }
