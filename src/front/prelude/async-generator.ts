// Async generators (ECMA-262 27.6). What is asked of one waits in its queue until it gets to it. Its status is 0 before it
// has run, 1 while it runs or waits, 2 at a yield, 3 when it has ended, 4 while it waits for what it was asked to return.

type Settling<T> = { '#status': number; '#value': T; '#reason': unknown }
type Given<T> = { value: T; done: boolean }
type Request<T, R, N> = {
  '#mode': number
  '#sent': N
  '#error': unknown
  '#value': R | Settling<R>
  '#promise': Settling<Given<T | R | undefined>>
}
type Generating<T, R, N> = {
  '#state': number
  '#status': number
  '#resume': (self: Generating<T, R, N>, mode: number, sent: N | undefined) => boolean
  '#yielded': T
  '#returned': R | Settling<R>
  '#thrown': unknown
  '#requests': Request<T, R, N>[]
}

declare function promise<T>(): Settling<T>
declare function settle<T>(self: Settling<T>, value: T): void
declare function promise_of<T>(value: T | Settling<T>): Settling<T>
declare function reject<T>(self: Settling<T>, reason: unknown): void
declare function wait<T>(self: Settling<T>, job: () => void): void
/** A new request, with none of its fields. */
declare function request<T, R, N>(): Request<T, R, N>

export function async_generator_next<T, R, N>(self: Generating<T, R, N>, sent: N): Settling<Given<T | R | undefined>> {
  const made = request<T, R, N>()
  made['#sent'] = sent
  const given = async_enqueue(self, made, 0)
  if (self['#status'] === 3) async_drain(self)
  else async_go_on(self)
  return given
}

export function async_generator_return<T, R, N>(
  self: Generating<T, R, N>,
  value: R | Settling<R>,
): Settling<Given<T | R | undefined>> {
  const made = request<T, R, N>()
  made['#value'] = value
  const given = async_enqueue(self, made, 2)
  if (self['#status'] === 0 || self['#status'] === 3) async_await_return(self)
  else async_go_on(self)
  return given
}

export function async_generator_throw<T, R, N>(
  self: Generating<T, R, N>,
  error: unknown,
): Settling<Given<T | R | undefined>> {
  if (self['#status'] === 0) self['#status'] = 3
  const made = request<T, R, N>()
  made['#error'] = error
  const given = async_enqueue(self, made, 1)
  if (self['#status'] === 3) async_drain(self)
  else async_go_on(self)
  return given
}

function async_enqueue<T, R, N>(
  self: Generating<T, R, N>,
  made: Request<T, R, N>,
  mode: number,
): Settling<Given<T | R | undefined>> {
  const given = promise<Given<T | R | undefined>>()
  made['#mode'] = mode
  made['#promise'] = given
  self['#requests'].push(made)
  return given
}

/** Runs the code with the first request, where it does not run already. */
function async_go_on<T, R, N>(self: Generating<T, R, N>): void {
  const status = self['#status']
  if (status !== 0 && status !== 2) return
  const first = self['#requests'][0]
  self['#status'] = 1
  if (first['#mode'] === 0) self['#resume'](self, 0, first['#sent'])
  else if (first['#mode'] === 1) {
    self['#thrown'] = first['#error']
    self['#resume'](self, 1, undefined)
  } else {
    self['#returned'] = first['#value']
    self['#resume'](self, 2, undefined)
  }
}

/** At a yield, whose value has been waited for. */
export function async_yielded<T, R, N>(self: Generating<T, R, N>): void {
  self['#status'] = 2
  const first = self['#requests'][0]
  self['#requests'].shift()
  settle(first['#promise'], { value: self['#yielded'], done: false })
  if (self['#requests'].length > 0) async_go_on(self)
}

/** At the end of the code. */
export function async_returned<T, R, N>(self: Generating<T, R, N>, value: R): void {
  self['#status'] = 3
  const first = self['#requests'][0]
  self['#requests'].shift()
  settle(first['#promise'], { value, done: true })
  async_drain(self)
}

export function async_failed<T, R, N>(self: Generating<T, R, N>, error: unknown): void {
  self['#status'] = 3
  const first = self['#requests'][0]
  self['#requests'].shift()
  reject(first['#promise'], error)
  async_drain(self)
}

/** Answers what is asked of a generator that has ended. */
function async_drain<T, R, N>(self: Generating<T, R, N>): void {
  while (self['#requests'].length > 0) {
    const first = self['#requests'][0]
    if (first['#mode'] === 2) return async_await_return(self)
    self['#requests'].shift()
    if (first['#mode'] === 1) reject(first['#promise'], first['#error'])
    else settle(first['#promise'], { value: undefined, done: true })
  }
}

function async_await_return<T, R, N>(self: Generating<T, R, N>): void {
  self['#status'] = 4
  const first = self['#requests'][0]
  const value = promise_of(first['#value'])
  wait(value, () => {
    self['#status'] = 3
    self['#requests'].shift()
    if (value['#status'] === 1) settle(first['#promise'], { value: value['#value'], done: true })
    else reject(first['#promise'], value['#reason'])
    async_drain(self)
  })
}

export function async_generator_self<T>(self: T): T {
  return self
}

/** What `for await` goes over instead of an array or the like (27.1.6). */
export async function* sync_async_iterator<T>(source: Iterable<T>): AsyncGenerator<T> {
  for (const value of source) yield value
  await undefined
}

/** The steps of `for await`, as the compiler takes them. */
declare function openAsync<T>(source: AsyncIterable<T>): AsyncIterator<T>
declare function nextAsync<T>(iterator: AsyncIterator<T>): Promise<Step<T>>
declare function closesAsync<T>(iterator: AsyncIterator<T>): boolean
declare function closeAsync<T>(iterator: AsyncIterator<T>): Promise<unknown>
declare function result<T>(step: Step<T>): Step<T>
type Step<T> = { done: boolean; value: T }

/** Array.fromAsync (23.1.2.1 of ECMA-262, edition 2026). V8 closes the iterator also where its own step fails, which `for await` does not. */
export async function array_from_async<T>(source: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []
  const iterator = openAsync(source)
  for (;;) {
    try {
      const step = result(await nextAsync(iterator))
      if (step.done) return out
      out.push(step.value)
    } catch (error) {
      try {
        if (closesAsync(iterator)) await closeAsync(iterator)
      } catch {
        // The first error counts.
      }
      throw error
    }
  }
}

export async function array_from_async_mapped<T, U>(
  source: AsyncIterable<T>,
  callback: (value: T, index: number) => U,
): Promise<Awaited<U>[]> {
  const out: Awaited<U>[] = []
  const iterator = openAsync(source)
  for (;;) {
    try {
      const step = result(await nextAsync(iterator))
      if (step.done) return out
      out.push(await callback(step.value, out.length))
    } catch (error) {
      try {
        if (closesAsync(iterator)) await closeAsync(iterator)
      } catch {
        // The first error counts.
      }
      throw error
    }
  }
}
