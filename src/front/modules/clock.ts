import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

/** Waits so many milliseconds. */
export async function sleep(ms: number): Promise<void> {
  valueOf(await effect('clock.sleep', JSON.stringify({ ms })))
}
