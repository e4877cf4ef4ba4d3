import { CapabilityError, fetch } from 'anrf:http'
import * as kv from 'anrf:kv'

/** What an amount is worth, by the rates of a server; counts how often it was asked. */
export async function convert(amount: number, currency: string): Promise<{ worth: number | string; asked: number }> {
  const asked = Number((await kv.get('asked')) ?? 0) + 1
  await kv.set('asked', asked)
  try {
    const response = await fetch('https://rates.example.com/' + currency)
    const { rate } = (await response.json()) as { rate: number }
    return { worth: amount * rate, asked }
  } catch (error) {
    if (error instanceof CapabilityError) return { worth: 'not granted: ' + error.asked, asked }
    throw error
  }
}
