import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

export { CapabilityError, EffectError } from 'anrf:effects'

/** The value of a key, `undefined` when it has none. Values are what JSON can hold. */
export async function get(key: string): Promise<any> {
  const found = valueOf(await effect('kv.get', JSON.stringify({ key })))
  return found.found === true ? found.value : undefined
}

/** Gives a key a value. */
export async function set(key: string, value: unknown): Promise<void> {
  valueOf(await effect('kv.set', JSON.stringify({ key, value })))
}

/** Takes a key away; whether it had a value. */
export async function remove(key: string): Promise<boolean> {
  return valueOf(await effect('kv.delete', JSON.stringify({ key }))).found === true
}

/** The keys that begin with a prefix and come after a key, in order; at most so many. */
export async function list(prefix: string = '', after: string = '', limit: number = 1000): Promise<string[]> {
  const found = valueOf(await effect('kv.list', JSON.stringify({ prefix, after, limit })))
  return found.keys.map((key: any) => String(key))
}

/** Gives a key a value if it has the value that is expected (`undefined`: none); whether it did. */
export async function compareAndSet(key: string, expected: unknown, value: unknown): Promise<boolean> {
  const before = expected === undefined ? null : { value: expected }
  const answer = valueOf(await effect('kv.compareAndSet', JSON.stringify({ key, expected: before, value })))
  return answer.done === true
}
