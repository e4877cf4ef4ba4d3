import { compileRegex, find } from '../../src/regex/index.ts'
import type { Expr } from '../../src/ir/index.ts'
import type { Evaluator } from './reference.ts'
import { makeError, Thrown, Trap, type Instance } from './reference-values.ts'

type Site = { readonly machine: Evaluator; readonly expr: Extract<Expr, { kind: 'op' }> }

/** What the last search of a run found. */
export type Search = { match: RegExpExecArray | null; names: readonly string[] }

const notes = new WeakMap<object, Instance>()

/** The pattern as the host has it. Its messages are those of programs. */
function hostPattern(source: string, flags: string): RegExp {
  const compiled = compileRegex(source, flags)
  if (compiled.kind === 'unsupported') throw new Trap('unsupported-pattern')
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw new Thrown(makeError('SyntaxError', (error as Error).message))
  }
}

/** Steps are what the matcher takes, there is no other measure of them. spec: fuel#steps */
function chargeSteps(site: Site, source: string, flags: string, text: string, from: number): void {
  const compiled = compileRegex(source, flags)
  if (compiled.kind !== 'program') return
  const { program } = compiled
  const most = Math.floor(site.machine.fuelLeft() / 4)
  const budget = {
    steps: most,
    exhausted: () => site.machine.spend(Infinity, 0) as never,
    grow: (bytes: number) => site.machine.spend(0, bytes),
  }
  find(program, text, from, new Int32Array(program.registers), budget)
  site.machine.spend(4 * (most - budget.steps), 0)
}

/** Every match of the host begins at an index of its own, so it is asked to look at just that place and then the next. */
function search(regex: RegExp, text: string, from: number): RegExpExecArray | null {
  const looking = new RegExp(regex.source, `${regex.flags.replace(/[dg]/g, '')}${regex.sticky ? 'd' : 'dg'}`)
  looking.lastIndex = from
  return looking.exec(text)
}

/** Names of groups by number. */
function namesIn(source: string): readonly string[] {
  const names = ['']
  for (const found of source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\((?:\?<([^=!>][^>]*)>|(?!\?))/gs))
    if (found[0].startsWith('(')) names.push(found[1] ?? '')
  return names
}

export const REGEX = {
  'regex.groups': (_: Site, source: string, flags: string) => {
    const { source: text } = hostPattern(source, flags)
    if (flags.includes('d')) throw new Trap('unsupported-pattern')
    return (new RegExp(`${text}|`, flags.replace('y', '')).exec('')?.length ?? 1) - 1
  },
  'regex.find': (site: Site, text: string, source: string, flags: string, last: number) => {
    const regex = hostPattern(source, flags)
    const from = last > 0 ? Math.floor(last) : 0
    chargeSteps(site, source, flags, text, from)
    const match = search(regex, text, from)
    site.machine.search = { match, names: namesIn(source) }
    return match ? match.index : -1
  },
  'regex.position': ({ machine }: Site, at: number) => {
    const { match } = machine.search
    if (!match || !(at >= 0) || !Number.isInteger(at)) return -1
    return match.indices?.[at >> 1]?.[at % 2] ?? -1
  },
  'regex.count': ({ machine }: Site) => Math.max(0, machine.search.names.length - 1),
  'regex.name': ({ machine }: Site, group: number) => machine.search.names[group] ?? '',
  'regex.expand': ({ machine }: Site, template: string) => {
    const { match } = machine.search
    if (!match) return template
    const before = match.input.slice(0, match.index)
    return substituted(template, match, before, match.input.slice(match.index + match[0].length), match.groups)
  },
  'ref.note': (_: Site, list: object, object: Instance) => void notes.set(list, object),
  'ref.noted': ({ expr }: Site, list: object) => {
    const note = notes.get(list)
    return note && note.id === expr.imm[0] ? note : undefined
  },
}

/** GetSubstitution, as 22.1.3.19.1 writes it. */
function substituted(
  template: string,
  match: RegExpExecArray,
  before: string,
  after: string,
  groups: { readonly [name: string]: string } | undefined,
): string {
  let result = ''
  for (let rest = template; rest !== '';) {
    const [taken, by] = leading(rest, match, before, after, groups)
    result += by
    rest = rest.slice(taken.length)
  }
  return result
}

function leading(
  rest: string,
  match: RegExpExecArray,
  before: string,
  after: string,
  groups: { readonly [name: string]: string } | undefined,
): readonly [taken: string, by: string] {
  for (const [symbol, by] of [
    ['$$', '$'],
    ['$`', before],
    ['$&', match[0]],
    ["$'", after],
  ] as const)
    if (rest.startsWith(symbol)) return [symbol, by]
  const digits = /^\$(\d\d?)/.exec(rest)?.[1]
  if (digits !== undefined) {
    const count = match.length - 1
    const used = digits.length === 2 && (Number(digits) > count || Number(digits) === 0) ? digits[0]! : digits
    const index = Number(used)
    if (index >= 1 && index <= count) return [`$${used}`, match[index] ?? '']
    return [`$${used}`, `$${used}`]
  }
  const name = /^\$<([^>]*)>/.exec(rest)
  if (name && groups) return [name[0], groups[name[1]!] ?? '']
  return [rest[0]!, rest[0]!]
}
