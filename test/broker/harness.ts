import assert from 'node:assert/strict'
import { createBroker, type Broker, type BrokerOptions, type Host } from '../../src/broker/index.ts'
import { parseGrants, type Denial } from '../../src/effects/index.ts'

type Given = {
  readonly grants?: readonly string[]
  readonly host?: Host
  readonly limits?: Partial<BrokerOptions['limits']>
  readonly executionId?: string
}

/** What a call came to: its value, its failure, or `suspended` and `limited`. */
export type Result =
  | { readonly value: unknown }
  | { readonly error: { readonly name: string; readonly message: string; readonly denial?: Denial } }
  | { readonly ended: string }

export type Caller = {
  readonly broker: Broker
  call(name: string, args: unknown, signal?: AbortSignal): Promise<Result>
  /** The value of a call that must succeed. */
  value(name: string, args: unknown): Promise<unknown>
  /** The name of the failure of a call that must fail, `denied` for denials. */
  failure(name: string, args: unknown): Promise<string>
}

/** A broker as a run would use it. A defect of a handler fails the test. */
export function callerOf({ grants = [], host = {}, limits = {}, executionId = 'run' }: Given): Caller {
  const parsed = parseGrants(grants)
  assert.ok('grants' in parsed, JSON.stringify(parsed))
  const broker = createBroker({
    executionId,
    grants: parsed.grants,
    limits: { io: 2 ** 24, ...limits },
    host,
    onDefect: (error, call) => assert.fail(new Error(`a defect in ${call.name}`, { cause: error })),
  })
  let sequence = 0
  async function call(name: string, args: unknown, signal = new AbortController().signal): Promise<Result> {
    const text = typeof args === 'string' ? args : JSON.stringify(args)
    const grant = { fuel: 1000, allocation: 2000, effects: 3 }
    const answered = await broker.perform({ sequence: sequence++, name, args: text }, signal, grant)
    if (answered.kind === 'answer') return JSON.parse(answered.text) as Result
    return { ended: answered.kind === 'limited' ? answered.limit : answered.kind }
  }
  async function value(name: string, args: unknown): Promise<unknown> {
    const result = await call(name, args)
    assert.ok('value' in result, JSON.stringify(result))
    return result.value
  }
  async function failure(name: string, args: unknown): Promise<string> {
    const result = await call(name, args)
    assert.ok('error' in result, JSON.stringify(result))
    return result.error.name
  }
  return { broker, call, value, failure }
}
