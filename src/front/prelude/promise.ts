// Promises (ECMA-262 27.2). A promise is an object whose fields begin with #, made by the compiler: 0 in its status means
// pending, 1 fulfilled, 2 rejected. A job is a function without parameters; each waits in the queue until its turn.

type Job = () => void
export type Settling<T> = {
  '#status': number
  '#value': T
  '#reason': unknown
  '#jobs': Job[]
  '#handled': boolean
}

/** The queue of jobs, and for promises that were rejected while nobody waited, what is done if nobody ever does. */
declare function job_queue(): Job[]
declare function rejection_checks(): Job[]
/** A new promise. */
declare function promise<T>(): Settling<T>
/** Resolves a promise with a value, a promise or another object with `then` (27.2.1.3.2). */
declare function settle<T>(self: Settling<T>, value: T | Settling<T>): void
/** PromiseResolve (27.2.4.7.1). */
declare function promise_of<T>(value: T | Settling<T>): Settling<T>
/** Ends the run where the promise of an entry has not settled. */
declare function settled(hasSettled: boolean): void
/** Runs jobs until there are none and nothing is awaited from the world. */
declare function drain(): void
/** What is done with the answer to each call of an effect, by its number. */
declare function effect_jobs(): Job[]
/** Waits for the next answer: the number of its call, -1 when none is under way. */
declare function effect_next(): number
/** The answer to the call whose number came last. */
declare function effect_answer(call: number): string

/** Runs jobs until there are none; then what was rejected and never waited for ends the run. */
export function run_jobs(): void {
  const queue = job_queue()
  let next = 0
  while (next < queue.length) {
    const job = queue[next]
    next++
    if (next === 1000) {
      queue.splice(0, next)
      next = 0
    }
    job()
  }
  queue.length = 0
  const checks = rejection_checks()
  for (let i = 0; i < checks.length; i++) checks[i]()
  checks.length = 0
}

/** Runs jobs, and as long as there are calls of effects under way, those that their answers make. */
export function run_jobs_and_effects(): void {
  run_jobs()
  for (let call = effect_next(); call >= 0; call = effect_next()) {
    const jobs = effect_jobs()
    const job = jobs[call]
    jobs[call] = nothing
    job()
    run_jobs()
  }
}

function nothing(): void {}

/** A promise of the answer to a call of an effect that has been begun. */
export function effect_call(call: number): Settling<string> {
  const made = promise<string>()
  effect_jobs().push(() => promise_fulfill(made, effect_answer(call)))
  return made
}

/** What an entry comes to that gave a promise. */
export function promise_outcome<T>(self: Settling<T>): T {
  self['#handled'] = true
  drain()
  settled(self['#status'] !== 0)
  if (self['#status'] === 2) throw self['#reason']
  return self['#value']
}

/** The end of a top level that awaits: nobody handles what it fails with. */
export function promise_top_level(self: Settling<void>): void {
  drain()
  settled(self['#status'] !== 0)
}

/** What an entry comes to that gave anything else. */
export function value_outcome<T>(value: T): T {
  drain()
  return value
}

export function promise_fulfill<T>(self: Settling<T>, value: T): void {
  self['#value'] = value
  self['#status'] = 1
  promise_wake(self)
}

export function promise_reject<T>(self: Settling<T>, reason: unknown): void {
  if (self['#status'] !== 0) return
  self['#reason'] = reason
  self['#status'] = 2
  if (!self['#handled'])
    rejection_checks().push(() => {
      if (!self['#handled']) throw reason
    })
  promise_wake(self)
}

function promise_wake<T>(self: Settling<T>): void {
  const jobs = self['#jobs']
  const queue = job_queue()
  for (let i = 0; i < jobs.length; i++) queue.push(jobs[i])
  jobs.length = 0
}

/** PerformPromiseThen (27.2.5.4.1) without its result: the job runs when the promise has settled. */
export function promise_wait<T>(self: Settling<T>, job: Job): void {
  self['#handled'] = true
  if (self['#status'] === 0) self['#jobs'].push(job)
  else job_queue().push(job)
}

/** What settles when another promise does. */
export function promise_adopt<T>(self: Settling<T>, other: Settling<T>): void {
  if (self === other) return promise_reject(self, new TypeError('Chaining cycle detected for promise #<Promise>'))
  job_queue().push(() => promise_follow(self, other))
}

function promise_follow<T>(self: Settling<T>, other: Settling<T>): void {
  promise_wait(other, () => {
    if (other['#status'] === 1) settle(self, other['#value'])
    else promise_reject(self, other['#reason'])
  })
}

type Thenable<T> = { then: (resolve: (value: T) => void, reject: (reason: unknown) => void) => unknown }

/** What settles as an object with `then` says, once. */
export function thenable_adopt<T>(self: Settling<T>, other: Thenable<T>): void {
  job_queue().push(() => {
    let done = false
    try {
      other.then(
        (value) => {
          if (done) return
          done = true
          settle(self, value)
        },
        (reason) => {
          if (done) return
          done = true
          promise_reject(self, reason)
        },
      )
    } catch (reason) {
      if (!done) promise_reject(self, reason)
      done = true
    }
  })
}

/** `await`: what goes on when the value is there. */
export function promise_await<T>(
  value: T | Settling<T>,
  onValue: (value: T) => void,
  onError: (reason: unknown) => void,
): void {
  const awaited = promise_of(value)
  promise_wait(awaited, () => {
    if (awaited['#status'] === 1) onValue(awaited['#value'])
    else onError(awaited['#reason'])
  })
}

export function promise_made<T>(value: T): Settling<T> {
  const made = promise<T>()
  settle(made, value)
  return made
}

export function promise_resolve<T>(value: T | Settling<T>): Settling<T> {
  return promise_of(value)
}

export function promise_rejected(reason: unknown): Settling<never> {
  const made = promise<never>()
  promise_reject(made, reason)
  return made
}

type Executor<T> = (resolve: (value: T) => void, reject: (reason: unknown) => void) => unknown

export function promise_new<T>(executor: Executor<T>): Settling<T> {
  const made = promise<T>()
  let done = false
  try {
    executor(
      (value) => {
        if (done) return
        done = true
        settle(made, value)
      },
      (reason) => {
        if (done) return
        done = true
        promise_reject(made, reason)
      },
    )
  } catch (reason) {
    if (!done) promise_reject(made, reason)
    done = true
  }
  return made
}

/** A function as it is, which no property gives its name to (27.2.1.3: the functions of a promise have none). */
function unnamed<F>(f: F): F {
  return f
}

export function promise_withResolvers<T>(): {
  promise: Settling<T>
  resolve: (value: T) => void
  reject: (reason: unknown) => void
} {
  const made = promise<T>()
  let done = false
  return {
    promise: made,
    resolve: unnamed((value) => {
      if (done) return
      done = true
      settle(made, value)
    }),
    reject: unnamed((reason) => {
      if (done) return
      done = true
      promise_reject(made, reason)
    }),
  }
}

/** `then` with one function. */
export function promise_then<T, U>(self: Settling<T>, onValue: (value: T) => U): Settling<U> {
  const made = promise<U>()
  promise_wait(self, () => {
    if (self['#status'] === 1) {
      try {
        settle(made, onValue(self['#value']))
      } catch (reason) {
        promise_reject(made, reason)
      }
    } else promise_reject(made, self['#reason'])
  })
  return made
}

/** `then` with two functions. */
export function promise_then_both<T, U>(
  self: Settling<T>,
  onValue: (value: T) => U,
  onError: (reason: unknown) => U,
): Settling<U> {
  const made = promise<U>()
  promise_wait(self, () => {
    try {
      if (self['#status'] === 1) settle(made, onValue(self['#value']))
      else settle(made, onError(self['#reason']))
    } catch (reason) {
      promise_reject(made, reason)
    }
  })
  return made
}

/** `then` with what may be no function, and is then as if it were not there (27.2.5.4.1). */
export function promise_then_passing<T, U, V>(
  self: Settling<T>,
  onValue?: (value: T) => U,
  onError?: (reason: unknown) => V,
): Settling<T | U | V> {
  const made = promise<T | U | V>()
  promise_wait(self, () => {
    try {
      if (self['#status'] === 1) {
        if (typeof onValue === 'function') settle(made, onValue(self['#value']))
        else settle(made, self['#value'])
      } else if (typeof onError === 'function') settle(made, onError(self['#reason']))
      else promise_reject(made, self['#reason'])
    } catch (reason) {
      promise_reject(made, reason)
    }
  })
  return made
}

/** `catch` with what may be no function. */
export function promise_catch_passing<T, U>(self: Settling<T>, onError?: (reason: unknown) => U): Settling<T | U> {
  return promise_then_passing(self, undefined, onError)
}

export function promise_catch<T>(self: Settling<T>, onError: (reason: unknown) => T): Settling<T> {
  const made = promise<T>()
  promise_wait(self, () => {
    if (self['#status'] === 1) settle(made, self['#value'])
    else {
      try {
        settle(made, onError(self['#reason']))
      } catch (reason) {
        promise_reject(made, reason)
      }
    }
  })
  return made
}

/** `then` without functions. */
export function promise_copy<T>(self: Settling<T>): Settling<T> {
  const made = promise<T>()
  promise_wait(self, () => {
    if (self['#status'] === 1) settle(made, self['#value'])
    else promise_reject(made, self['#reason'])
  })
  return made
}

/** `finally` (27.2.5.3): waits for what its function gives, and then goes on as before. */
export function promise_finally<T>(self: Settling<T>, onEnd: () => unknown): Settling<T> {
  const made = promise<T>()
  promise_wait(self, () => {
    try {
      const end = promise_of(onEnd())
      if (self['#status'] === 1)
        settle(
          made,
          promise_then(end, () => self['#value']),
        )
      else settle(made, promise_fail(end, self['#reason']))
    } catch (reason) {
      promise_reject(made, reason)
    }
  })
  return made
}

/** `self.then(() => { throw reason })` */
function promise_fail<T>(self: Settling<unknown>, reason: unknown): Settling<T> {
  const made = promise<T>()
  promise_wait(self, () => {
    if (self['#status'] === 1) promise_reject(made, reason)
    else promise_reject(made, self['#reason'])
  })
  return made
}

/** `Promise.try`: what a function gives or throws. */
export function promise_try<T>(callback: () => T | Settling<T>): Settling<T> {
  const made = promise<T>()
  try {
    settle(made, callback())
  } catch (reason) {
    promise_reject(made, reason)
  }
  return made
}
