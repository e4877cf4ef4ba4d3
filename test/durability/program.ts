import { buildDocument, encodeDocument } from '../../src/document/index.ts'
import { compile } from '../../src/front/index.ts'
import { library } from '../golden/anrf.ts'

const TEXT = `
import { sleep } from 'anrf:clock'
import { fetch, EffectError } from 'anrf:http'
import * as kv from 'anrf:kv'

/** Posts so many entries under its tag, two at a time, and counts how many it knows to be done. */
export async function post(
  port: number,
  tag: string,
  entries: number,
): Promise<{ tag: string; done: number; unknown: number; die: number }> {
  let done = 0
  let unknown = 0
  const one = async (i: number): Promise<void> => {
    try {
      const response = await fetch('http://127.0.0.1:' + port + '/' + tag + '/' + i, { method: 'POST', body: String(i) })
      if (response.ok) done++
    } catch (error) {
      if (error instanceof EffectError && error.code === 'outcome-unknown') unknown++
      else throw error
    }
  }
  for (let i = 0; i < entries; i += 2) {
    await Promise.all([one(i), one(i + 1), sleep(1)])
    await kv.set('last', i)
  }
  return { tag, done, unknown, die: Math.floor(Math.random() * 1_000_000) }
}
`

const compiled = compileOnce()

function compileOnce(): NonNullable<ReturnType<typeof compile>['program']> {
  const read = (path: string): string | undefined => (path === 'main.ts' ? TEXT : undefined)
  const { program, diagnostics } = compile({ read }, library, { main: 'main.ts' })
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('; '))
  return program
}

/** The program whose runs are killed, as the bytes of a document of that name. */
export function programDocument(name: string): Uint8Array {
  const { module } = compiled
  return encodeDocument(buildDocument({ name, version: '1.0.0', module, program: compiled.describe() }))
}
