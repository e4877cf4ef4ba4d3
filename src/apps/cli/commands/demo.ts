import { join } from 'node:path'
import type { Encoded } from '../../../base/index.ts'
import { encodeDocument } from '../../../document/index.ts'
import { createClient, type Client } from '../../../client/index.ts'
import { readGiven } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import type { Exit } from '../exit-codes.ts'
import { openService, replaceDemoKey, untilStopped } from '../local-service.ts'
import { loadDocumentFile } from '../program-file.ts'
import { sayProblem } from '../remote.ts'
import { renderValue } from '../render-outcome.ts'
import { sayRefused } from '../say.ts'
import type { Terminal } from '../terminal.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const EXAMPLES = ['invoice-totals', 'shortest-paths', 'bank-ledger'] as const
/** A changed compiler gives a changed document, which needs a version of its own in a store that has the old one. */
const RELEASES_MAX = 1000

/** A case of an example, as `examples/NAME/cases.json` has it. */
type Case = { readonly entry: string; readonly inputs: Record<string, Encoded> }

type Demo = { readonly terminal: Terminal; readonly options: Options; readonly client: Client }

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const opened = await openService(terminal, options, { logLevel: 'warn' }, true)
  if ('refused' in opened) return sayRefused(terminal, options, opened.refused)
  const { service, dataDir } = opened
  try {
    const key = service.adminKey ?? (await keyOf(terminal, service.url)) ?? (await replaceDemoKey(dataDir))
    terminal.out(`anrf serves ${service.url}, store in ${dataDir}\nadmin key, shown only now: ${key}\n`)
    const demo: Demo = { terminal, options, client: createClient({ url: service.url, key }) }
    for (const name of EXAMPLES) {
      const exit = await showExample(demo, name)
      if (exit !== 'ok') return exit
    }
    terminal.out(nextSteps(service.url, key))
    if (options.once) return 'ok'
    terminal.out('Still serving. Ctrl-C stops it.\n')
    await untilStopped(terminal)
    return 'ok'
  } finally {
    await service.close()
  }
}

/** The key of the environment, if it is one of this store. */
async function keyOf(terminal: Terminal, url: string): Promise<string | undefined> {
  const key = terminal.env['ANRF_KEY']
  if (key === undefined) return undefined
  return (await createClient({ url, key }).artifacts.list()).ok ? key : undefined
}

async function showExample(demo: Demo, name: string): Promise<Exit> {
  const { terminal, options, client } = demo
  const published = await publishExample(demo, name)
  if (published.exit !== 'ok') return published.exit
  const cases = await readGiven(terminal, join(ROOT, 'examples', name, 'cases.json'))
  const { entry, inputs } = (JSON.parse(cases.toString()) as readonly [Case])[0]
  const answer = await client.execute(published.reference, inputs, { entry })
  terminal.out(`\n${published.reference}, function ${entry} of examples/${name}/main.ts\n`)
  const show = (title: string, text: string): void => terminal.out(`  ${title.padEnd(10)} ${indent(text)}\n`)
  show('identity', published.id)
  show('inputs', renderValue(inputs))
  for (const line of answer.ok ? answer.value.logs : (answer.problem.logs ?? [])) show('log', line)
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  if (!('output' in answer.value)) throw new Error('an example waits for a decision')
  show('output', renderValue(answer.value.output))
  show('execution', answer.value.executionId)
  return 'ok'
}

const indent = (text: string): string => text.replaceAll('\n', `\n${' '.repeat(13)}`)

type Published = { readonly exit: Exit; readonly reference: string; readonly id: string }

/** Publishes an example under its name, at the first version that is free or is this very document. */
async function publishExample({ terminal, options, client }: Demo, name: string): Promise<Published> {
  const failed = (exit: Exit): Published => ({ exit, reference: '', id: '' })
  for (let patch = 0; patch < RELEASES_MAX; patch++) {
    const release = { name, version: `1.0.${patch}` }
    const loaded = await loadDocumentFile(terminal, join(ROOT, 'examples', name, 'main.ts'), release)
    if ('refused' in loaded) return failed(sayRefused(terminal, options, loaded.refused))
    const answer = await client.publish(encodeDocument(loaded.document))
    if (answer.ok) return { exit: 'ok', reference: `${name}@${release.version}`, id: answer.value.id }
    if (answer.problem.code !== 'ANRF5006') return failed(sayProblem(terminal, options, answer.problem))
  }
  throw new Error(`${name} has ${RELEASES_MAX} versions in this store`)
}

/** Lines to paste into another terminal in the checkout. */
function nextSteps(url: string, key: string): string {
  return `
Try next, in another terminal in this folder:

  export ANRF_SERVER=${url} ANRF_KEY=${key}
  ./anrf run examples/calculator/main.ts --entry calculate --input '{"expression":"2 * (3 + 4)"}'
  ./anrf publish examples/calculator/main.ts --name calculator
  ./anrf execute calculator --entry calculate --input '{"expression":"1 / 4"}'
  curl -s $ANRF_SERVER/execute/calculator -H "authorization: Bearer $ANRF_KEY" -H 'content-type: application/json' \\
    -d '{"entry":"calculate","inputs":{"expression":"6 * 7"}}'
  curl -s $ANRF_SERVER/openapi.json
  ./anrf inspect examples/calculator/main.ts
  ./anrf help

`
}
