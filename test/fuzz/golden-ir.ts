// Modules that engines disagreed in once, as text: the calls to make, each with the limits that are not the usual ones, then the
// module in the text form of the IR.
import type { Encoded, Limits } from '../../src/base/index.ts'
import { parseModule, printModule, type Module } from '../../src/ir/index.ts'
import { LIMITS, type Trial } from './trial.ts'

export type GoldenModule = {
  readonly title: string
  readonly module: Module
  readonly trials: readonly Trial[]
}

type Line = { readonly entry: string; readonly args: readonly Encoded[]; readonly limits?: Partial<Limits> }

export function goldenText(title: string, module: Module, trials: readonly Trial[]): string {
  const lines = trials.map(({ call, limits }) => {
    const other = Object.entries(limits).filter(([name, value]) => value !== LIMITS[name as keyof Limits])
    const line: Line = { ...call, ...(other.length > 0 && { limits: Object.fromEntries(other) }) }
    return `// call ${JSON.stringify(line)}`
  })
  const text = printModule(module, { spans: module.files.length > 0 })
  return [`// ${title}`, ...lines, text].join('\n')
}

/** Reads a golden. Throws an `Error` that says what is wrong with it. */
export function parseGoldenModule(text: string): GoldenModule {
  const title = /^\/\/ (.+)\n/.exec(text)?.[1]
  if (title === undefined) throw new Error('a golden begins with a title, `// ...`')
  const calls = [...text.matchAll(/^\/\/ call (.+)$/gm)].map(([, line]) => JSON.parse(line!) as Line)
  if (calls.length === 0) throw new Error('a golden makes calls, `// call {"entry":...,"args":[...]}`')
  const parsed = parseModule(text)
  if (!('module' in parsed)) throw new Error(parsed.diagnostics.map((d) => d.message).join('; '))
  const trials = calls.map(({ entry, args, limits }) => ({ call: { entry, args }, limits: { ...LIMITS, ...limits } }))
  return { title, module: parsed.module, trials }
}
