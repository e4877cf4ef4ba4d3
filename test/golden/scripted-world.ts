// A world of effects that answers the same to ANRF and to Node: with it programs of effects have goldens too.

type Json = unknown
type Failure = { readonly error: { readonly name: string; readonly message: string; readonly denial?: object } }

/** What one execution finds: a store of values, a folder of files, one server, a person who says yes. */
export type ScriptedWorld = {
  /** The answer to a call, as JSON text. */
  answer(name: string, args: string): string
  /** Milliseconds until the answer comes. */
  delay(name: string, args: string): number
}

/** Nothing comes of it but what it does. */
const doing = (work: () => unknown): null => {
  work()
  return null
}

const failure = (name: string, message: string): Failure => ({ error: { name, message } })

const denied = (capability: string, asked: string): Failure => ({
  error: {
    name: 'denied',
    message: `${capability}: ${asked} is not granted`,
    denial: { capability, asked, rule: 'no grant has this host', allowed: ['http=api.test'], advice: 'Ask.' },
  },
})

export function scriptedWorld(): ScriptedWorld {
  const values = new Map<string, Json>()
  const files = new Map<string, string>([['data/a.txt', 'alpha'], ['data/b.txt', 'beta']])
  const effects: Readonly<Record<string, (args: never) => unknown>> = {
    'clock.sleep': () => null,
    'http.fetch': ({ url, method, body }: { url: string; method: string; body: string | null }) => {
      if (!url.startsWith('https://api.test/')) return denied('http', `${method} ${url}`)
      if (url.endsWith('/slow')) return failure('timeout', 'http: api.test did not answer in time')
      const status = url.endsWith('/missing') ? 404 : 200
      const said = JSON.stringify({ url, method, body })
      const headers = [['Content-Type', 'application/json'], ['x-n', '1'], ['X-N', '2']]
      return { status, statusText: status === 200 ? 'OK' : 'Not Found', url, redirected: false, headers, body: said, base64: false }
    },
    'kv.get': ({ key }: { key: string }) => ({ found: values.has(key), value: values.get(key) ?? null }),
    'kv.set': ({ key, value }: { key: string; value: Json }) => doing(() => values.set(key, value)),
    'kv.delete': ({ key }: { key: string }) => ({ found: values.delete(key) }),
    'kv.list': ({ prefix, after, limit }: { prefix: string; after: string; limit: number }) => ({
      keys: [...values.keys()].filter((key) => key.startsWith(prefix) && key > after).sort().slice(0, limit),
    }),
    'kv.compareAndSet': ({ key, expected, value }: { key: string; expected: { value: Json } | null; value: Json }) => {
      const isAsExpected = expected ? JSON.stringify(values.get(key)) === JSON.stringify(expected.value) : !values.has(key)
      if (isAsExpected) values.set(key, value)
      return { done: isAsExpected }
    },
    'files.read': ({ path }: { path: string }) => files.get(path) ?? failure('not-found', `files: there is no ${path}`),
    'files.write': ({ path, text }: { path: string; text: string }) => doing(() => files.set(path, text)),
    'files.append': ({ path, text }: { path: string; text: string }) => doing(() => files.set(path, (files.get(path) ?? '') + text)),
    'files.remove': ({ path }: { path: string }) => doing(() => files.delete(path)),
    'files.list': () => [...files].map(([path, { length }]) => ({ name: path.slice(5), kind: 'file', size: length })),
    'files.stat': ({ path }: { path: string }) => ({ kind: 'file', size: files.get(path)?.length ?? 0 }),
    'programs.call': ({ program, entry, inputs }: { program: string; entry: string | null; inputs: Json }) => ({ program, entry, inputs }),
    'secrets.use': ({ name }: { name: string }) => `{{${name}}}`,
    'approvals.request': ({ title }: { title: string }) => ({ approved: title !== 'no', by: 'ada', note: 'a note' }),
  }
  return {
    answer: (name, args) => {
      const said = effects[name]!(JSON.parse(args) as never)
      return JSON.stringify(typeof said === 'object' && said !== null && 'error' in said ? said : { value: said })
    },
    delay: (name, args) => (name === 'clock.sleep' ? (JSON.parse(args) as { ms: number }).ms : 1),
  }
}
