// Documents for tests of the registry: compiled from source, or small ones that differ in what they ask for.
import { buildDocument, type BuildParts, type Document } from '../../src/document/index.ts'
import { compile } from '../../src/front/index.ts'
import { parseModule, type Module } from '../../src/ir/index.ts'
import { library } from '../golden/anrf.ts'

export function moduleOf(text: string): Module {
  const parsed = parseModule(
    `anrf ir 1\nfile 0 "main.ts" [0]\nerror 0 Error { name!: string, message!: string }\n${text}`,
  )
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics, undefined, 2))
  return parsed.module
}

const NOTHING = `fn "<init>"#0() -> undefined {\n  return undefined\n}\n`

/** A module whose entries take these parameters, as IR writes them, and give a number. */
export function entriesModule(entries: Readonly<Record<string, string>>, objects = ''): Module {
  const rows = Object.entries(entries)
  const funcs = rows.map(([name, params], i) => {
    const list = params === '' ? [] : params.split(';').map((one) => one.trim())
    const locals = list.map((one, n) => one.replace(/^(\w+)\??:/, `$1#${n}:`)).join(', ')
    return `fn ${name}#${i + 1}(${locals}) -> f64 {\n  return 0\n}\n`
  })
  const lines = rows.map(([name, params], i) => `entry ${name} #${i + 1} (${params.replaceAll(';', ',')}) -> f64`)
  return moduleOf(`${objects}\n${NOTHING}\n${funcs.join('\n')}\ninit #0\n${lines.join('\n')}\n`)
}

/** A small document; equal parts give equal documents. */
export function documentOf(
  parts: Partial<BuildParts> & { readonly description?: string; readonly tags?: readonly string[] } = {},
): Document {
  const { description = 'Does nothing', tags = [], ...rest } = parts
  return buildDocument({
    module: entriesModule({ main: '' }),
    name: 'sample',
    version: '1.0.0',
    program: { intent: { description, tags }, declarations: [] },
    ...rest,
  })
}

/** The document of a program in TypeScript. */
export function compiledDocument(text: string, name: string, version = '1.0.0'): Document {
  const host = { read: (path: string) => (path === 'main.ts' ? text : undefined) }
  const { program, diagnostics } = compile(host, library, { main: 'main.ts' })
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('; '))
  return buildDocument({ name, version, module: program.module, program: program.describe() })
}
