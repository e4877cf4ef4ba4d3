import type { Library } from '../../../src/front/index.ts'
import { library } from '../../golden/anrf.ts'

/** Areas of the prelude, and what programs have that can show a defect there. */
export const AREAS = {
  generators: { shows: /function\*/ },
  iterators: { shows: /function\*|Walk|values\(\)|\.keys\(\)|\.\.\./ },
  promises: { shows: /\basync\b|\bPromise\b/ },
} as const satisfies Readonly<Record<string, { readonly shows: RegExp }>>

/** A defect of the library's own code: a text of the prelude in which a piece is another one. */
export type LibraryBug = {
  readonly name: string
  readonly area: keyof typeof AREAS
  readonly file: string
  readonly right: string
  readonly wrong: string
}

const generators = (name: string, right: string, wrong: string): LibraryBug => ({
  name,
  area: 'generators',
  file: 'iterators.ts',
  right,
  wrong,
})
const iterators = (name: string, right: string, wrong: string): LibraryBug => ({
  name,
  area: 'iterators',
  file: 'iterators.ts',
  right,
  wrong,
})
const promises = (name: string, right: string, wrong: string): LibraryBug => ({
  name,
  area: 'promises',
  file: 'promise.ts',
  right,
  wrong,
})

export const LIBRARY_BUGS: readonly LibraryBug[] = [
  generators(
    'a generator that has ended goes on',
    "if (state >= 0) return self['#resume']",
    "if (state >= -1) return self['#resume']",
  ),
  generators(
    'the last value of a generator is given again',
    "self['#returned'] = undefined",
    "self['#returned'] = self['#returned']",
  ),
  generators(
    'return does not run finalizers',
    "if (state > 0) return self['#resume'](self, 2, undefined)",
    'if (state > 1000) return false',
  ),
  generators('throw does not end a generator that has not run', "self['#state'] = -1\n    throw error", 'throw error'),
  generators(
    'what a generator yields is said to be the end',
    "return { value: self['#yielded'], done: false }",
    "return { value: self['#yielded'], done: true }",
  ),
  iterators(
    'spreading leaves the last element out',
    'for (const value of source) out.push(value)\n  return out',
    'for (const value of source) out.push(value)\n  out.pop()\n  return out',
  ),
  iterators(
    'values() stops one early',
    'for (let i = 0; i < self.length; i++) yield self[i]\n}',
    'for (let i = 0; i < self.length - 1; i++) yield self[i]\n}',
  ),
  iterators(
    'a loop that is left does not close its generator',
    'generator_return_into(self, undefined)',
    "if (self['#state'] > 1000) generator_return_into(self, undefined)",
  ),
  promises('jobs run at once', 'else job_queue().push(job)', 'else job()'),
  promises(
    'a promise for a promise is taken a job too early',
    'job_queue().push(() => promise_follow(self, other))',
    'promise_follow(self, other)',
  ),
  promises(
    'a rejection that nobody waits for is forgotten',
    "if (!self['#handled']) throw reason",
    "if (!self['#handled']) self['#handled'] = true",
  ),
  promises(
    'waiting jobs run in reverse',
    'for (let i = 0; i < jobs.length; i++) queue.push(jobs[i])',
    'for (let i = jobs.length - 1; i >= 0; i--) queue.push(jobs[i])',
  ),
  promises(
    'catch passes what it should not',
    "settle(made, onError(self['#reason']))\n      } catch (reason) {\n        promise_reject(made, reason)\n      }\n    }\n  })",
    "promise_reject(made, self['#reason'])\n      } catch (reason) {\n        promise_reject(made, reason)\n      }\n    }\n  })",
  ),
  {
    name: 'all gives values in the order of their ends',
    area: 'promises',
    file: 'promise-combinators.ts',
    right: "values[i] = item['#value']",
    wrong: "values.push(item['#value'])",
  },
]

/** The library with the defect. */
export function withLibraryBug({ file, right, wrong }: LibraryBug): Library {
  const prelude = library.prelude.map((p) => (p.path === file ? { ...p, text: p.text.replace(right, () => wrong) } : p))
  return { ...library, prelude }
}
