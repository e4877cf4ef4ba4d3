import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

export { CapabilityError, EffectError } from 'anrf:effects'

/** A text that stands for a secret in the headers and the query of requests to its hosts. The secret itself stays outside. */
export async function secret(name: string): Promise<string> {
  return String(valueOf(await effect('secrets.use', JSON.stringify({ name }))))
}
