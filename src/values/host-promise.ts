import type { ObjectDef } from '../ir/index.ts'
import { readField, type Instance } from './value.ts'

/** A promise of the host, which is to come to what one of the program has come to: a value, a reason, or nothing yet. */
export type HostPromise = PromiseWithResolvers<unknown> & {
  readonly value?: () => unknown
  readonly reason?: () => unknown
}

/** Those of the front end have what they came to in hidden fields (front/prelude/promise.ts), of which some programs need only a few. */
export const isPromise = ({ role, name, fields }: ObjectDef): boolean =>
  role === 'class' && name === 'Promise' && fields.some((field) => field.name === '#status' && field.hidden)

const FULFILLED = 1
const REJECTED = 2

export function hostPromise(object: Instance): HostPromise {
  const { fields } = object.layout.def
  const read = (name: string): unknown => {
    const field = fields.findIndex((one) => one.name === name)
    return field < 0 ? undefined : readField(object, field)
  }
  const made = Promise.withResolvers<unknown>()
  const status = read('#status')
  return {
    ...made,
    ...(status === FULFILLED && { value: () => read('#value') }),
    ...(status === REJECTED && { reason: () => read('#reason') }),
  }
}

/** Fulfils with the value itself, also where it has got a `then` since, which the host would ask. */
export function resolve(made: HostPromise, value: unknown): void {
  const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null)
  const then = isObject ? Object.getOwnPropertyDescriptor(value, 'then') : undefined
  if (!isObject || !then) return made.resolve(value)
  Object.defineProperty(value, 'then', { value: undefined, configurable: true, enumerable: then.enumerable === true })
  made.resolve(value)
  Object.defineProperty(value, 'then', then)
}

/** Rejects; the host is not to say that nobody handles it. */
export function reject(made: HostPromise, reason: unknown): void {
  made.promise.catch(() => undefined)
  made.reject(reason)
}

/** Takes off what the host has put on a promise of its own for who watches them (node:async_hooks), which it would print. */
export function unwatched({ promise }: HostPromise): Promise<unknown> {
  for (const key of Object.getOwnPropertySymbols(promise)) Reflect.deleteProperty(promise, key)
  return promise
}
