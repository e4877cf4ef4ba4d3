/** Programs with effects, each with an entry `main(port, n)`: what they do depends on answers, their order, clock and chance. */
export const REPLAYED: readonly string[] = [
  `
import { sleep } from 'anrf:clock'
/** A race whose winner depends on the world. */
export async function main(port: number, n: number): Promise<string[]> {
  const order: string[] = []
  await Promise.all(Array.from({ length: n % 5 }, (_, i) => sleep(i % 3).then(() => order.push('s' + i))))
  return order
}`,
  `
import * as kv from 'anrf:kv'
/** Counters that all runs share. */
export async function main(port: number, n: number): Promise<{ value: number; keys: string[]; set: boolean }> {
  const key = 'k' + (n % 7)
  const value = Number((await kv.get(key)) ?? 0)
  const set = await kv.compareAndSet(key, value === 0 ? undefined : value, value + 1)
  if (n % 11 === 0) await kv.remove(key)
  console.log('counted', key, value)
  return { value, keys: await kv.list('k'), set }
}`,
  `
import { fetch } from 'anrf:http'
/** Answers with headers, json and text. */
export async function main(port: number, n: number): Promise<unknown> {
  const base = 'http://127.0.0.1:' + port
  const [a, b] = await Promise.all([
    fetch(base + '/json/' + n, { method: 'POST', body: JSON.stringify({ n }) }),
    fetch(base + '/text/' + n, { headers: { accept: 'text/plain' } }),
  ])
  const counted = await a.json()
  return { count: counted.count, ok: a.ok && b.ok, type: b.headers.get('content-type'), text: (await b.text()).length > 0 }
}`,
  `
import { fetch, CapabilityError } from 'anrf:http'
import { readText } from 'anrf:files'
/** Denials are answers too. */
export async function main(port: number, n: number): Promise<string[]> {
  const said: string[] = []
  for (const url of ['https://example.com/' + n, 'http://127.0.0.1:1/', 'file:///etc/passwd'])
    try {
      await fetch(url)
    } catch (error) {
      said.push(error instanceof CapabilityError ? error.asked : error instanceof Error ? error.message : 'none')
    }
  try {
    await readText('data/../secret')
  } catch (error) {
    said.push(error instanceof Error ? error.name : 'none')
  }
  return said
}`,
  `
import { sleep } from 'anrf:clock'
import * as kv from 'anrf:kv'
class Step {
  constructor(readonly name: string, readonly at: number) {}
}
/** Clock and chance between effects. */
export async function main(port: number, n: number): Promise<{ steps: Step[]; rolled: number; id: string }> {
  const steps: Step[] = []
  let rolled = 0
  while (rolled < 1 && steps.length < 20) {
    await sleep(1)
    steps.push(new Step('s' + steps.length, Date.now()))
    rolled += Math.random()
  }
  await kv.set('id', crypto.randomUUID())
  return { steps, rolled, id: String(await kv.get('id')) }
}`,
  `
import * as kv from 'anrf:kv'
/** Effects in generators, and an exception that ends the run. */
async function* values(n: number): AsyncGenerator<number> {
  for (let i = 0; i < n % 6; i++) {
    await kv.set('g', i)
    yield Number(await kv.get('g'))
  }
}
export async function main(port: number, n: number): Promise<number> {
  let sum = 0
  for await (const value of values(n)) sum += value
  if (n % 3 === 0) throw new RangeError('sum ' + sum)
  return sum
}`,
  `
import { fetch } from 'anrf:http'
/** A request that is given up when another is faster, and one that nobody awaits. */
export async function main(port: number, n: number): Promise<string> {
  const base = 'http://127.0.0.1:' + port
  const first = await Promise.race([
    fetch(base + '/text/a').then(() => 'a'),
    fetch(base + '/text/b').then(() => 'b'),
  ])
  void fetch(base + '/text/c').then(() => console.log('c came'))
  return first.length === 1 ? 'one' : 'none'
}`,
  `
import * as kv from 'anrf:kv'
/** Much work between effects, and the fuel that it takes. */
export async function main(port: number, n: number): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < 5; i++) {
    let x = (n % 1000) + i
    let steps = 0
    while (x > 1 && steps < 500) {
      x = x % 2 === 0 ? x / 2 : 3 * x + 1
      steps++
    }
    await kv.set('c' + i, steps)
    found.push(steps)
  }
  return found
}`,
]
