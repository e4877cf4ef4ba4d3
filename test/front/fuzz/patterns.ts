import { expression } from './expressions.ts'
import type { Scope } from './scope.ts'
import { STRING } from './types.ts'

/** Regular expressions, and the members of strings that take them. */

const PARTS = [
  '[a-z]',
  '\\d',
  '\\w+',
  '[^a-c]',
  '.',
  'a',
  'b?',
  'x*',
  '[bc]+?',
  '\\s',
  '(?:ab|a)',
  '(?=b)',
  '(?<!a)',
  '\\b',
  '^',
  '$',
  '1|2',
]
/** Groups that take part in every match, and such that may not. */
const GROUPS = ['(a)', '([a-z])', '(\\d+)', '(b)?', '(x|(y))', '(.)', '(?:(a)|b)']
const FLAGS = ['', '', 'i', 'm', 's', 'u', 'iu', 'v']
const TEMPLATES = ['-', '$&', '$1', '[$&]', '$$', "$'", '$2$1', '']

type Pattern = { readonly text: string; readonly groups: number }

function pattern(s: Scope, global: boolean): Pattern {
  let [text, groups] = ['', 0]
  const count = 1 + s.below(3)
  for (let i = 0; i < count; i++) {
    const part = s.pick(s.chance(35) ? GROUPS : PARTS)
    groups += part.match(/\((?!\?)/g)?.length ?? 0
    text += part
  }
  const flags = [...s.pick(FLAGS), ...(global ? ['g'] : []), ...(s.chance(8) ? ['y'] : [])].sort().join('')
  return { text: s.chance(90) ? `/${text}/${flags}` : `new RegExp(${JSON.stringify(text)}, '${flags}')`, groups }
}

const plain = (s: Scope): string => pattern(s, s.chance(30)).text
const global = (s: Scope): string => pattern(s, true).text

export function patternNumber(s: Scope, depth: number): string {
  const t = (): string => expression(s, STRING, depth - 1)
  const re = s.fresh('re')
  return s.pick([
    (): string => `${t()}.search(${plain(s)})`,
    (): string => `(${plain(s)}.exec(${t()})?.index ?? -1)`,
    (): string => `(${t()}.match(${global(s)}) ?? []).length`,
    (): string =>
      `((${re}: RegExp): number => (${re}.test(${JSON.stringify('ab1')}) ? ${re}.lastIndex : -1))(${plain(s)})`,
    (): string => `${t()}.split(${plain(s)}).length`,
  ])()
}

export function patternText(s: Scope, depth: number): string {
  const t = (): string => expression(s, STRING, depth - 1)
  return s.pick([
    (): string => `${t()}.replace(${plain(s)}, ${JSON.stringify(s.pick(TEMPLATES))}).slice(0, 30)`,
    (): string => `${t()}.replaceAll(${global(s)}, ${JSON.stringify(s.pick(TEMPLATES))}).slice(0, 30)`,
    (): string => replaced(s, t()),
    (): string => `${t()}.split(${plain(s)}, ${s.below(5)}).join('|')`,
    (): string => `(${plain(s)}.exec(${t()})?.[${s.below(3)}] ?? 'none')`,
    (): string => `[...${t()}.matchAll(${global(s)})].map((m) => m[0] + m.index).join()`,
    (): string => `JSON.stringify(${t()}.match(${plain(s)}))`,
    (): string => `String(${plain(s)})`,
  ])()
}

/** A replacement function with a parameter for each group, the index and the text. */
function replaced(s: Scope, text: string): string {
  const { text: re, groups } = pattern(s, s.chance(60))
  const names = ['m', ...Array.from({ length: groups }, (_, i) => `g${i}`), 'at', 'all'].map((name) => s.fresh(name))
  const used = names.slice(0, 1 + s.below(names.length))
  return `${text}.replace(${re}, (${used.join(', ')}) => \`<${used.map((name) => `\${${name}}`).join(',')}>\`).slice(0, 60)`
}

export function patternTruth(s: Scope, depth: number): string {
  const t = expression(s, STRING, depth - 1)
  return s.pick([`${plain(s)}.test(${t})`, `(${t}.match(${plain(s)}) !== null)`, `(${plain(s)} instanceof RegExp)`])
}

export function patternList(s: Scope, depth: number): string {
  const t = expression(s, STRING, depth - 1)
  return s.pick([
    `[...(${t}.match(${global(s)}) ?? [])]`,
    `${t}.split(${s.pick(['/a/', '/[a-c]+/i', '/\\s*/', '/(?=b)/', '/(b)/', '/1|2/g'])})`,
    `Array.from(${t}.matchAll(${global(s)}), (m) => m[0])`,
  ])
}
