import type { Result } from '../../../client/index.ts'
import { textOption } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import { readGivenJson } from '../given-files.ts'
import { showControls } from '../plain-text.ts'
import { printTable } from '../print-table.ts'
import { connect, sayProblem } from '../remote.ts'
import { UsageError, type Terminal } from '../terminal.ts'
import type { Exit } from '../exit-codes.ts'

type Named = { readonly id: string; readonly name?: string | undefined; readonly version?: string | undefined }

const labelOf = ({ id, name, version }: Named): string => (name === undefined ? id : `${name}@${version}`)

/** Says what a service answered: JSON with `--json`, else the text that is made of it. */
function say<T>(terminal: Terminal, options: Options, answer: Result<T>, textOf: (value: T) => string): Exit {
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  terminal.out(options['json'] ? `${JSON.stringify(answer.value)}\n` : showControls(textOf(answer.value)))
  return 'ok'
}

export const search: CommandModule = {
  execute: async (terminal, words, options) => {
    const query = {
      q: words.length === 0 ? undefined : words.join(' '),
      tag: textOption(options, 'tag'),
      capability: textOption(options, 'capability'),
      limit: textOption(options, 'limit'),
    }
    if ((query.q ?? query.tag ?? query.capability) === undefined) throw new UsageError('say what to search for')
    const answer = await connect(terminal, options).artifacts.list({ query })
    return say(terminal, options, answer, ({ artifacts }) =>
      artifacts.length === 0
        ? 'nothing fits\n'
        : printTable(
            ['program', 'published', 'by'],
            artifacts.map((one) => [labelOf(one), one.publishedAt.slice(0, 10), one.publishedBy]),
          ),
    )
  },
}

export const diff: CommandModule = {
  execute: async (terminal, [before, after], options) => {
    const answer = await connect(terminal, options).artifacts.diff(before!, after!)
    const exit = say(terminal, options, answer, ({ changes, widens }) => {
      const lines = changes.map((change) => {
        const values = change.before === undefined ? '' : ` (${change.before} -> ${change.after})`
        return `${change.widens ? '!' : ' '} ${change.topic} ${change.name} ${change.kind}${values}\n`
      })
      const verdict = widens ? 'it may touch more' : 'it may touch no more'
      return `${lines.join('')}${verdict}\n`
    })
    return answer.ok && answer.value.widens ? 'refused' : exit
  },
}

export const approve: CommandModule = {
  execute: async (terminal, [version], options) => {
    const note = textOption(options, 'note')
    const body = { approved: options['refuse'] !== true, ...(note !== undefined && { note }) }
    const answer = await connect(terminal, options).artifacts.approve(version!, body)
    return say(terminal, options, answer, (one) => `${labelOf(one)} ${one.approval?.state}\n`)
  },
}

export const yank: CommandModule = {
  execute: async (terminal, [version], options) => {
    const { artifacts } = connect(terminal, options)
    if (options['undo'] === true) {
      return say(terminal, options, await artifacts.unyank(version!), (one) => `${labelOf(one)} is back\n`)
    }
    const reason = textOption(options, 'reason')
    if (reason === undefined) throw new UsageError('say why with --reason: whoever still uses the version is told')
    return say(terminal, options, await artifacts.yank(version!, { reason }), (one) => `${labelOf(one)} yanked\n`)
  },
}

export const dependents: CommandModule = {
  execute: async (terminal, [version], options) => {
    const answer = await connect(terminal, options).artifacts.dependents(version!)
    return say(terminal, options, answer, (value) =>
      value.dependents.length === 0
        ? 'nobody is known to call it\n'
        : printTable(
            ['program', 'calls'],
            value.dependents.map((one) => [labelOf(one), one.reference]),
          ),
    )
  },
}

export const attach: CommandModule = {
  execute: async (terminal, [version, path], options) => {
    const bundle = await readGivenJson(terminal, path!)
    const answer = await connect(terminal, options).artifacts.attest(version!, bundle)
    return say(terminal, options, answer, ({ digest, predicateType }) => `${predicateType} ${digest}\n`)
  },
}
