// Promises of several promises (ECMA-262 27.2.4).

import { promise_reject, promise_wait, type Settling } from './promise.ts'

declare function promise<T>(): Settling<T>
declare function settle<T>(self: Settling<T>, value: T | Settling<T>): void
declare function promise_of<T>(value: T | Settling<T>): Settling<T>
/** An iterable as an array. */
declare function list<T>(source: Iterable<T>): T[]
/** An AggregateError. */
declare function aggregate(errors: unknown[], message: string, cause?: unknown): Error

export function promise_all<T>(items: Iterable<T | Settling<T>>): Settling<T[]> {
  const made = promise<T[]>()
  try {
    const values: T[] = []
    let count = 0
    let left = 1
    for (const one of items) {
      const i = count++
      left++
      const item = promise_of(one)
      promise_wait(item, () => {
        if (item['#status'] === 1) {
          values[i] = item['#value']
          left--
          if (left === 0) settle(made, values)
        } else promise_reject(made, item['#reason'])
      })
    }
    left--
    if (left === 0) settle(made, values)
  } catch (reason) {
    promise_reject(made, reason)
  }
  return made
}

type Settled<T> = { status: string; value: T } | { status: string; reason: unknown }

export function promise_allSettled<T>(items: Iterable<T | Settling<T>>): Settling<Settled<T>[]> {
  const made = promise<Settled<T>[]>()
  try {
    const values: Settled<T>[] = []
    let count = 0
    let left = 1
    for (const one of items) {
      const i = count++
      left++
      const item = promise_of(one)
      promise_wait(item, () => {
        if (item['#status'] === 1) values[i] = { status: 'fulfilled', value: item['#value'] }
        else values[i] = { status: 'rejected', reason: item['#reason'] }
        left--
        if (left === 0) settle(made, values)
      })
    }
    left--
    if (left === 0) settle(made, values)
  } catch (reason) {
    promise_reject(made, reason)
  }
  return made
}

export function promise_race<T>(items: Iterable<T | Settling<T>>): Settling<T> {
  const made = promise<T>()
  let done = false
  try {
    for (const one of items) {
      const item = promise_of(one)
      promise_wait(item, () => {
        if (done) return
        done = true
        if (item['#status'] === 1) settle(made, item['#value'])
        else promise_reject(made, item['#reason'])
      })
    }
  } catch (reason) {
    promise_reject(made, reason)
  }
  return made
}

export function promise_any<T>(items: Iterable<T | Settling<T>>): Settling<T> {
  const made = promise<T>()
  let done = false
  try {
    const errors: unknown[] = []
    let count = 0
    let left = 1
    for (const one of items) {
      const i = count++
      left++
      const item = promise_of(one)
      promise_wait(item, () => {
        if (done) return
        if (item['#status'] === 1) {
          done = true
          settle(made, item['#value'])
          return
        }
        errors[i] = item['#reason']
        left--
        if (left === 0) promise_reject(made, aggregate(errors, 'All promises were rejected'))
      })
    }
    left--
    if (left === 0) promise_reject(made, aggregate(errors, 'All promises were rejected'))
  } catch (reason) {
    promise_reject(made, reason)
  }
  return made
}

/** `new AggregateError(errors, message)` (20.5.7.1.1). */
export function aggregate_error(errors: Iterable<unknown>, message?: unknown): Error {
  const text = message === undefined ? '' : `${message}`
  return aggregate([...list(errors)], text)
}

/** `new AggregateError(errors, message, { cause })`: the text comes first, then the cause, which is there already. */
export function aggregate_error_caused(errors: Iterable<unknown>, message: unknown, cause: unknown): Error {
  const text = message === undefined ? '' : `${message}`
  return aggregate([...list(errors)], text, cause)
}
