import type { TSchema } from 'typebox'
import { readJson } from '../base/index.ts'
import { TOOL, type Amounts, type EffectCall, type EffectError, type Grant } from '../effects/index.ts'
import { StoreError } from '../store/index.ts'
import { underSignals } from './abort.ts'
import { ARGUMENTS, checkArguments } from './arguments.ts'
import type { CallContext, Host, Json } from './context.ts'
import { EffectFailure, Suspended } from './failure.ts'
import { Gate } from './gate.ts'
import { Connections } from './http/connections.ts'
import type { Handler } from './handlers/handler.ts'
import { HANDLERS } from './handlers/table.ts'
import { callTool } from './handlers/tools.ts'
import { IoAccount, IoLimitReached, IoMeter } from './meter.ts'
import { Secrets } from './secrets.ts'
import { Sleepers } from './sleepers.ts'

export type BrokerOptions = {
  /** Idempotency keys of calls begin with it. */
  readonly executionId: string
  readonly grants: readonly Grant[]
  /** Bytes in both directions. */
  readonly limits: { readonly io: number }
  /** The bytes of the run that called this one. */
  readonly caller?: IoAccount
  readonly host?: Host
  /** Told of errors that are defects of ours; the program sees a failure without details. */
  readonly onDefect?: (error: unknown, call: EffectCall) => void
}

/** What came of a call. `text` is that of an `EffectAnswer`. */
export type Answered =
  /** `used`: by the program that was called, and by those that it called. */
  | { readonly kind: 'answer'; readonly text: string; readonly used?: Amounts }
  /** The answer comes later than the run can wait for: the run is to be ended, and begun again when it is there. */
  | { readonly kind: 'suspended' }
  /** The run has used up a limit and is to be ended. */
  | { readonly kind: 'limited'; readonly limit: 'io' }

export type EffectUsage = Readonly<Pick<IoAccount, 'bytesIn' | 'bytesOut' | 'nestedBytes'>>

/** The way of one run to the world: asks the grants, does what they permit, and counts. */
export type Broker = {
  /** Never rejects and never throws. Calls go on side by side. `grant`: what a program that is called may use. */
  perform(call: EffectCall, signal: AbortSignal, grant?: Amounts): Promise<Answered>
  usage(): EffectUsage
  /** The run waits for answers, or is at work: sleeps end while it waits. Until it is told, it waits. */
  waits(isWaiting: boolean): void
  /** Gives up all calls under way; further ones are given up at once. */
  close(): void
}

/** Calls of one run that the host works on at the same time; sleeping is no work. */
const CALLS_AT_ONCE_MAX = 32

export function createBroker(options: BrokerOptions): Broker {
  const closing = new AbortController()
  const sleepers = new Sleepers()
  const { executionId, grants, limits, host = {} } = options
  const account = new IoAccount(limits.io, options.caller)
  const secrets = new Secrets(host.secrets ?? [], grants, executionId)
  const gate = new Gate(CALLS_AT_ONCE_MAX)
  const lookups = new Gate(1)
  const connections = new Connections()

  async function perform(call: EffectCall, signal: AbortSignal, grant?: Amounts): Promise<Answered> {
    const { sequence } = call
    const meter = new IoMeter(account)
    let used: { used?: Amounts } = {}
    const shared: Omit<CallContext, 'signal'> = {
      grants,
      sequence,
      key: `${executionId}:${sequence}`,
      meter,
      host,
      sleepers,
      secrets,
      lookups,
      connections,
      ...(grant && { grant }),
      spend: (amounts) => void (used = { used: amounts }),
    }
    try {
      meter.takeOut(Buffer.byteLength(call.args))
      const text = JSON.stringify({
        value: await underSignals([signal, closing.signal], undefined, (signal) =>
          answer(call, { ...shared, signal }, gate),
        ),
      })
      meter.takeAnswer(Buffer.byteLength(text))
      return { kind: 'answer', text, ...used }
    } catch (error) {
      // A program that was called may have been the one that went over.
      if (account.isOver) return { kind: 'limited', limit: 'io' }
      return { ...answeredOf(error, call, options), ...used }
    }
  }

  const usage = (): EffectUsage => {
    const { bytesIn, bytesOut, nestedBytes } = account
    return { bytesIn, bytesOut, nestedBytes }
  }
  const close = (): void => {
    closing.abort()
    connections.close()
  }
  return { perform, usage, waits: (isWaiting) => sleepers.waits(isWaiting), close }
}

async function answer({ name, args }: EffectCall, context: CallContext, gate: Gate): Promise<Json> {
  const read = readJson(Buffer.from(args))
  if (!read.ok) throw new EffectFailure('arguments', `${name}: the arguments are no JSON: ${read.message}`)
  const operation = findOperation(name, read.value as Json)
  const work = async (): Promise<Json> => {
    if (context.signal.aborted) throw new EffectFailure('cancelled', `${name}: the call was given up`)
    return operation(context)
  }
  return name.startsWith('clock.') ? work() : gate.run(work)
}

/** What answers a call of this name; throws the failure of arguments that do not fit. */
function findOperation(name: string, args: Json): (context: CallContext) => Promise<Json> {
  const dot = name.indexOf('.')
  const [capability, operation] = [name.slice(0, dot), name.slice(dot + 1)]
  if (capability.startsWith(TOOL.prefix))
    return (context) => callTool(capability.slice(TOOL.prefix.length), operation, args, context)
  const handler = own(own(HANDLERS, capability), operation)
  const schema = own(own(ARGUMENTS, capability), operation)
  if (!handler || !schema) throw new EffectFailure('unavailable', `there is no effect ${JSON.stringify(name)}`)
  checkArguments(name, schema as TSchema, args)
  return (context) => (handler as Handler<unknown>)(args, context)
}

function own(table: object | undefined, key: string): object | undefined {
  return table && Object.hasOwn(table, key) ? (table as Readonly<Record<string, object>>)[key] : undefined
}

function answeredOf(error: unknown, call: EffectCall, { onDefect }: BrokerOptions): Answered {
  if (error instanceof Suspended) return { kind: 'suspended' }
  if (error instanceof IoLimitReached) return { kind: 'limited', limit: 'io' }
  return { kind: 'answer', text: JSON.stringify({ error: describeError(error, call, onDefect) }) }
}

function describeError(error: unknown, call: EffectCall, onDefect: BrokerOptions['onDefect']): EffectError {
  if (error instanceof EffectFailure) {
    const { code, message, denial } = error
    return { name: code, message, ...(denial && { denial }) }
  }
  onDefect?.(error, call)
  if (error instanceof StoreError) return { name: 'unavailable', message: `${call.name}: the store is not available` }
  return { name: 'internal', message: `${call.name}: a defect of the host` }
}
