import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRandom } from '../../ir/random.ts'
import type { Call } from '../../golden/oracle.ts'
import { MAIN, parseGolden } from '../../golden/golden-file.ts'
import { mutateSource } from './mutate.ts'

const GOLDENS = join(import.meta.dirname, '../../golden')

/** Larger programs take the compiler long. */
const LENGTH_MAX = 6_000

type Source = { readonly text: string; readonly calls: readonly Call[] }

let known: readonly Source[] | undefined

/** The programs of the goldens that are of one file and compile. */
function sources(): readonly Source[] {
  known ??= readdirSync(GOLDENS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .sort()
    .flatMap((path): Source[] => {
      const { files, calls, diagnostics } = parseGolden(readFileSync(join(GOLDENS, path), 'utf8'))
      const text = files[MAIN]!
      const isWhole = Object.keys(files).length === 1 && calls.length > 0 && !diagnostics
      return isWhole && text.length <= LENGTH_MAX ? [{ text, calls }] : []
    })
  return known
}

/** The program of a golden with some of its parts changed, and the golden's calls. */
export function mutantOf(seed: number): { readonly source: string; readonly calls: readonly Call[] } {
  const random = makeRandom(seed)
  const { text, calls } = random.pick(sources())
  return { source: mutateSource(text, random), calls }
}
