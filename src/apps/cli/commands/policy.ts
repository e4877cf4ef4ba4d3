import { resolve } from 'node:path'
import { Value } from 'typebox/value'
import { diagnostic, readJson, type Diagnostic } from '../../../base/index.ts'
import {
  explainedRequest,
  ExplainSchema,
  loadPolicies,
  printDefaultSet,
  printSchema,
  type Decision,
  type Explained,
  type Policies,
} from '../../../policy/index.ts'
import { boundsOf, policyActions, readConfig } from '../../../service/index.ts'
import { listOption, textOption } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import { exitOfDiagnostics, type Exit } from '../exit-codes.ts'
import { renderDiagnostics } from '../render-diagnostics.ts'
import { connect, sayProblem } from '../remote.ts'
import { sayRefused } from '../say.ts'
import { UsageError, type Terminal } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, [verb, folder], options) => {
  switch (verb) {
    case 'check':
      return check(terminal, folder, options)
    case 'explain':
      return explain(terminal, folder, options)
    case 'show':
      return show(terminal, options)
    default:
      throw new UsageError(`there is no anrf policy ${verb}: use check, explain or show`)
  }
}

type Loaded = Awaited<ReturnType<typeof loadPolicies>>

/** The policies of a folder, as a service would have them whose settings the environment has. */
async function load(terminal: Terminal, folder: string): Promise<Loaded> {
  const read = readConfig(terminal.env)
  if ('diagnostics' in read) return read
  return loadPolicies(resolve(terminal.folder, folder), await policyActions(), boundsOf(read.config))
}

async function check(terminal: Terminal, folder: string | undefined, options: Options): Promise<Exit> {
  if (folder === undefined) throw new UsageError('name the folder that the policies are in')
  const loaded = await load(terminal, folder)
  const found = 'diagnostics' in loaded ? loaded.diagnostics : loaded.warnings
  const told = 'policies' in loaded ? summaryOf(loaded.policies) : undefined
  if (options.json) terminal.out(`${JSON.stringify({ ok: told !== undefined, ...told, diagnostics: found })}\n`)
  else {
    terminal.err(renderDiagnostics(found, terminal.colours))
    if (told) terminal.out(`${folder}: ok, ${told.policies} policies, profiles ${told.profiles.join(', ')}\n`)
  }
  return exitOfDiagnostics(found)
}

const summaryOf = ({
  revision,
  own,
  profiles,
}: Policies): { revision: string; policies: number; profiles: string[] } => ({
  revision,
  policies: own.length,
  profiles: profiles.map(({ name }) => name),
})

async function explain(terminal: Terminal, folder: string | undefined, options: Options): Promise<Exit> {
  const asked = readAsked(options)
  if ('diagnostics' in asked) return sayRefused(terminal, options, asked.diagnostics)
  if (folder === undefined) {
    const answer = await connect(terminal, options).policies.explain(asked)
    return answer.ok
      ? sayDecision(terminal, options, asked, answer.value)
      : sayProblem(terminal, options, answer.problem)
  }
  const loaded = await load(terminal, folder)
  if ('diagnostics' in loaded) return sayRefused(terminal, options, loaded.diagnostics)
  const request = explainedRequest(await policyActions(), asked)
  if (!request) throw new UsageError(`there is no action ${asked.action}: \`anrf policy show\` lists them`)
  const { policies } = loaded
  return sayDecision(terminal, options, asked, { revision: policies.revision, ...policies.decide(request) })
}

function readAsked(options: Options): Explained | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const json = (name: string): object => {
    const text = textOption(options, name)
    if (text === undefined) return {}
    const read = readJson(Buffer.from(text))
    if (read.ok) return { [name]: read.value }
    diagnostics.push(diagnostic('ANRF4004', { message: `--${name} is not JSON: ${read.message}` }))
    return {}
  }
  const text = (name: string): object => {
    const given = textOption(options, name)
    return given === undefined ? {} : { [name]: given }
  }
  const time = textOption(options, 'time')
  const { principal: id, ...named } = { ...text('principal'), ...text('tenant') } as Record<string, string>
  const asked = {
    principal: { id, ...named, scopes: listOption(options, 'scope') },
    ...text('action'),
    ...text('profile'),
    ...text('address'),
    ...json('program'),
    ...json('execution'),
    ...json('run'),
    ...(time !== undefined && { time: Number(time) }),
  }
  for (const { instancePath, message } of Value.Errors(ExplainSchema, asked))
    diagnostics.push(diagnostic('ANRF5009', { message: `${instancePath}: ${message}`, pointer: instancePath }))
  return diagnostics.length > 0 ? { diagnostics } : (asked as unknown as Explained)
}

function sayDecision(
  terminal: Terminal,
  options: Options,
  { principal, action }: Explained,
  decision: { readonly revision: string } & Decision,
): Exit {
  const { allowed, policies, errors } = decision
  if (options.json) terminal.out(`${JSON.stringify(decision)}\n`)
  else {
    const none = policies.length === 0 && errors.length === 0 ? ['  no policy permits it'] : []
    const lines = policies.map(
      ({ id, effect, reason }) => `  ${effect} ${id}${reason === undefined ? '' : `: ${reason}`}`,
    )
    const failed = errors.map((error) => `  failed ${error}`)
    const verdict = `${allowed ? 'allowed' : 'denied'}: ${principal.id} ${action}`
    terminal.out(`${[verdict, ...lines, ...failed, ...none].join('\n')}\n`)
  }
  return allowed ? 'ok' : 'denied'
}

async function show(terminal: Terminal, options: Options): Promise<Exit> {
  const actions = await policyActions()
  const shown = { schema: printSchema(actions), defaults: printDefaultSet(actions) }
  terminal.out(
    options.json
      ? `${JSON.stringify(shown)}\n`
      : `${shown.schema}\n// The policies that every service has.\n\n${shown.defaults}`,
  )
  return 'ok'
}
