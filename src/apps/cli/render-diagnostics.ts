import { styleText } from 'node:util'
import { refusalOf, type Diagnostic, type Label, type Location, type Severity } from '../../base/index.ts'
import { displayWidth, showControls } from './plain-text.ts'

const COLOURS = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, string>
const LINE_WIDTH_MAX = 140
const LINES_MAX = 6

type Style = (typeof COLOURS)[Severity] | 'bold' | 'dim' | 'blue'
type Paint = (style: Style, text: string) => string

/**
 * Diagnostics as people read them: what is wrong, the code with a mark under it, and what to write instead.
 * `colours` says whether to use terminal colours. The text ends with a line feed unless the list is empty.
 */
export function renderDiagnostics(list: readonly Diagnostic[], colours: boolean): string {
  const paint: Paint = (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text)
  const blocks = list.map((d) => renderOne(d, paint))
  return list.length === 0 ? '' : `${blocks.join('\n')}\n${countLine(list)}\n`
}

function renderOne(d: Diagnostic, paint: Paint): string {
  const head = `${paint(COLOURS[d.severity], `${d.severity}[${d.code}]`)}: ${paint('bold', showControls(d.message))}`
  const gutter = String((d.location?.start.line ?? 0) + LINES_MAX).length
  const lines = [head, ...placeOf(d, gutter, paint), ...frameOf(d, gutter, paint)]
  const margin = `${' '.repeat(gutter)} ${paint('blue', '=')}`
  for (const label of d.labels ?? []) lines.push(`${margin} ${labelText(label)}`)
  if (d.hint !== undefined) lines.push(`${margin} ${paint('bold', 'hint')}: ${showControls(d.hint)}`)
  const page = pageOf(d)
  if (page !== undefined) lines.push(`${margin} ${paint('bold', 'more')}: anrf --explain ${page}`)
  return `${lines.join('\n')}\n`
}

function placeOf(d: Diagnostic, gutter: number, paint: Paint): string[] {
  const place = d.location
    ? formatLocation(d.location)
    : d.pointer === undefined
      ? undefined
      : d.pointer || '(the whole)'
  return place === undefined ? [] : [`${' '.repeat(gutter)}${paint('blue', '-->')} ${showControls(place)}`]
}

/** `path:line:column`, a form that editors and terminals make a link of. */
export function formatLocation({ path, start }: Location): string {
  return `${path}:${start.line}:${start.column}`
}

const labelText = (label: Label): string => showControls(`${formatLocation(label.location)}: ${label.text}`)

function frameOf(d: Diagnostic, gutter: number, paint: Paint): string[] {
  const { excerpt, location } = d
  if (!excerpt || !location) return []
  const bar = paint('blue', '|')
  const rows = [`${' '.repeat(gutter)} ${bar}`]
  const shown = excerpt.lines.slice(0, LINES_MAX)
  for (const [i, raw] of shown.entries()) {
    const number = excerpt.firstLine + i
    const { line, from, to } = markOf(raw, number, location)
    rows.push(`${paint('blue', String(number).padStart(gutter))} ${bar} ${line}`.trimEnd())
    if (to > from)
      rows.push(`${' '.repeat(gutter)} ${bar} ${' '.repeat(from)}${paint(COLOURS[d.severity], '^'.repeat(to - from))}`)
  }
  const hidden = excerpt.lines.length - shown.length
  if (hidden > 0) rows.push(`${' '.repeat(gutter)} ${bar} ${paint('dim', `... ${hidden} more lines`)}`)
  return rows
}

/** One line of source as shown, and the screen columns `[from, to)` of the part that the location covers. */
function markOf(raw: string, number: number, { start, end }: Location): { line: string; from: number; to: number } {
  const covered = number >= start.line && number <= end.line
  const first = !covered ? 0 : number === start.line ? start.column - 1 : raw.length - raw.trimStart().length
  const last = !covered ? 0 : number === end.line ? end.column - 1 : raw.trimEnd().length
  const left = cropStart(raw, first)
  const clip = (from: number, to: number): string =>
    expand(raw.slice(Math.max(left, from), Math.min(to, left + LINE_WIDTH_MAX)))
  const prefix = left > 0 ? '... ' : ''
  const suffix = raw.length > left + LINE_WIDTH_MAX ? ' ...' : ''
  const from = prefix.length + displayWidth(clip(left, first))
  // An empty span (an end of file, a missing token) still gets one mark.
  const width = covered ? Math.max(number === start.line ? 1 : 0, displayWidth(clip(first, last))) : 0
  return { line: `${prefix}${clip(left, raw.length)}${suffix}`, from, to: from + width }
}

/** Where to begin showing a long line so that column `first` is in sight. */
function cropStart(raw: string, first: number): number {
  return raw.length <= LINE_WIDTH_MAX || first < LINE_WIDTH_MAX * 0.75 ? 0 : first - LINE_WIDTH_MAX / 4
}

const expand = (text: string): string => showControls(text).replaceAll('\t', '  ').replaceAll('\n', ' ')

function countLine(list: readonly Diagnostic[]): string {
  const count = (severity: Severity): string[] => {
    const n = list.filter((d) => d.severity === severity).length
    return n === 0 ? [] : [`${n} ${severity}${n === 1 ? '' : 's'}`]
  }
  const main = list.find((d) => d.severity === 'error') ?? list[0]
  const counts = [...count('error'), ...count('warning'), ...count('note')].join(', ')
  return main === undefined || pageOf(main) !== undefined ? counts : `${counts}; more: anrf --explain ${main.code}`
}

/** The page of the feature that a diagnostic refuses for good. Its code has a page as well, which says less. */
const pageOf = (d: Diagnostic): string | undefined => (d.feature === undefined ? undefined : refusalOf(d.feature))
