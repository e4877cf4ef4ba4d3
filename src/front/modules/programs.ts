import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

export { CapabilityError, EffectError } from 'anrf:effects'

/** Runs an entry of a published program, by name, `name@version` or digest, with inputs by name; comes to its result. */
export async function call(program: string, inputs: unknown = {}, entry: string | null = null): Promise<any> {
  return valueOf(await effect('programs.call', JSON.stringify({ program, entry, inputs })))
}
